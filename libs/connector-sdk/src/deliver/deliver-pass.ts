import { isEnvironmentError } from '@trueup/persistence';
import { PsaRefused } from '../http/http-answer.js';
import type { ClaimedLine } from '../ledger/ledger.js';
import { deferLines, refuseLine } from './defer-lines.js';
import { deliverLine } from './deliver-line.js';
import { barredByFault, barredByStop, breakerOpen } from './fault-words.js';
import { findLines } from './find-lines.js';
import { barredBy } from './gate.js';
import type { LineDesk } from './line-desk.js';
import type { OpenConnection } from './open-connection.js';
import type { OpenConnections } from './open-connections.js';
import { LeaseLost, type Workplace } from './workplace.js';

const LINES_OF_A_PASS = 200;
const ACCOUNTS_AT_ONCE = 4;

/** One pass over the due lines of a connection's free accounts. Answers how many lines it had under lease. */
export async function deliverPass(
  place: Workplace,
  connections: OpenConnections,
  owner: string,
  connectionId: string,
): Promise<number> {
  const { ledger, held } = place;
  const lines = await held.claim(connectionId, (accounts) =>
    ledger.claim({ owner, connectionId, now: place.now(), limit: LINES_OF_A_PASS, held: accounts }),
  );
  if (lines.length === 0) return 0;
  try {
    await deliverClaimed(place, connections, lines);
  } finally {
    await giveBack(place, owner, connectionId, new Set(lines.map((line) => line.account)));
  }
  return lines.length;
}

async function giveBack({ ledger, held }: Workplace, owner: string, connectionId: string, accounts: Set<string>): Promise<void> {
  try {
    await ledger.release(owner, connectionId, [...accounts]);
  } finally {
    held.drop(connectionId, accounts);
  }
}

async function deliverClaimed(place: Workplace, connections: OpenConnections, lines: readonly ClaimedLine[]): Promise<void> {
  const ready = await admitted(place, lines);
  const connection = ready.length === 0 ? undefined : place.settings.find(ready[0]!.connectionId);
  if (connection === undefined) return;
  const open = connections.of(connection);
  if (open.stopped !== undefined) return deferLines(place, ready, barredByStop(open.stopped));
  if (open.restLeftMs > 0) return deferLines(place, ready, breakerOpen(open));
  await deliverTogether(place, open, ready);
}

/** The lines that these settings allow; the others are deferred. */
async function admitted(place: Workplace, lines: readonly ClaimedLine[]): Promise<ClaimedLine[]> {
  const ready: ClaimedLine[] = [];
  for (const line of lines) {
    const barred = barredBy(place.settings, line, place.now());
    if (barred === undefined) ready.push(line);
    else await deferLines(place, [line], barred);
  }
  return ready;
}

/** Bulk reads first; when one bad line spoils them, each line by itself, so that its neighbours flow. */
async function deliverTogether(place: Workplace, open: OpenConnection, lines: readonly ClaimedLine[]): Promise<void> {
  try {
    await open.leaveRoom();
    const { desks, refused } = await findLines(place, open, lines);
    open.sessionWorked();
    for (const { line, refusal } of refused) await refuseLine(place, line, refusal);
    await deliverAccounts(place, open, desks);
  } catch (error) {
    await answerFault(place, open, lines, error);
  }
}

async function answerFault(place: Workplace, open: OpenConnection, lines: readonly ClaimedLine[], error: unknown): Promise<void> {
  // The PSA's faults first: a refused connection there looks like one of our own database.
  const barred = barredByFault(error, open);
  if (barred !== undefined) return deferLines(place, lines, barred);
  if (isEnvironmentError(error)) throw error; // the lease is given back, the lines stay due
  if (lines.length > 1) {
    for (const line of lines) await deliverTogether(place, open, [line]);
    return;
  }
  const [line] = lines;
  if (!(error instanceof PsaRefused))
    place.logger.error({ err: error, agreementLineKey: line!.key }, 'a line could not be worked on');
  const message = error instanceof Error ? error.message : 'The line could not be worked on';
  await refuseLine(place, line!, { refused: 'LINE_UPDATE_FAILED', message });
}

/** Accounts side by side, the lines of one account one after the other. */
async function deliverAccounts(place: Workplace, open: OpenConnection, desks: readonly LineDesk[]): Promise<void> {
  const accounts = [...Map.groupBy(desks, (desk) => desk.line.account).values()];
  const worker = async (): Promise<void> => {
    for (let account = accounts.shift(); account !== undefined; account = accounts.shift()) {
      await deliverAccount(place, open, account);
    }
  };
  await Promise.all(Array.from({ length: Math.min(ACCOUNTS_AT_ONCE, accounts.length) }, worker));
}

async function deliverAccount(place: Workplace, open: OpenConnection, desks: readonly LineDesk[]): Promise<void> {
  for (const desk of desks) {
    try {
      await deliverLine(desk);
    } catch (error) {
      if (error instanceof LeaseLost)
        return place.logger.warn({ account: desk.line.account }, 'account taken over by another replica');
      await answerFault(place, open, [desk.line], error);
    }
  }
}
