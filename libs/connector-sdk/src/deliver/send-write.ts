import type { Code } from '@trueup/contracts';
import { crashPoint } from '@trueup/service';
import type { Write } from '../connector/next.js';
import { NoAnswer, type HttpAnswer } from '../http/http-answer.js';
import { BudgetSpent, type Judged } from '../http/psa-client.js';
import type { LedgerWrite } from '../ledger/line-row.js';
import { barredByFault, breakerOpen } from './fault-words.js';
import { barredBy, type Barred } from './gate.js';
import type { LineDesk } from './line-desk.js';

/** `look`: it was sent, so read what came of it. `refused`: the PSA said no. `stopped`: the line waits, or a newer version is there. */
export type Sent = { is: 'look'; write: LedgerWrite } | { is: 'refused'; write: LedgerWrite } | { is: 'stopped' };

const RECEIPT_CHARACTERS = 1_000;

/**
 * Sends one write, at most once: fresh settings and the newest version, intent committed, one request, answer recorded. Whatever dies
 * in between leaves an intent that is settled by looking.
 */
export async function sendWrite(desk: LineDesk, write: Write): Promise<Sent> {
  const barred = barredNow(desk);
  if (barred !== undefined) return stop(desk, barred);
  const intent = intentOf(desk, write);
  crashPoint('connector.before-intent');
  const provedAtMs = performance.now(); // the intent is recorded under the lease, or not at all
  const recorded = await desk.record({ needsNewest: true, writes: [intent] });
  if (recorded !== 'recorded') return { is: 'stopped' };
  crashPoint('connector.after-intent');
  const answered = await send(desk, intent, provedAtMs);
  crashPoint('connector.after-send');
  logAnswer(desk, answered.write);
  if (answered.barred !== undefined) return stop(desk, answered.barred, answered.write);
  await desk.record({ writes: [answered.write] });
  crashPoint('connector.after-record');
  return { is: answered.write.state === 'refused' ? 'refused' : 'look', write: answered.write };
}

function logAnswer({ place, line }: LineDesk, { writeKey, state, write }: LedgerWrite): void {
  const { connectionId, key: agreementLineKey } = line;
  const { code, effectiveDate } = write;
  place.logger.info({ connectionId, agreementLineKey, writeKey, state, code, effectiveDate }, 'a write was answered');
}

function barredNow(desk: LineDesk): Barred | undefined {
  if (!desk.open.mayWrite) return breakerOpen(desk.open);
  return barredBy(desk.place.settings, desk.line, desk.place.now());
}

async function stop(desk: LineDesk, barred: Barred, write?: LedgerWrite): Promise<Sent> {
  if (write !== undefined) await desk.record({ writes: [write] });
  await desk.defer(barred);
  return { is: 'stopped' };
}

function intentOf(desk: LineDesk, write: Write): LedgerWrite {
  const ordinal = Math.max(0, ...desk.writes.map((each) => each.ordinal)) + 1;
  const { lineRef, version } = desk.line.change;
  return {
    writeKey: `${lineRef}.${version}.${ordinal}`,
    version,
    ordinal,
    state: 'intent',
    write,
    intendedAt: desk.place.now(),
    isReported: false,
  };
}

interface Answered {
  write: LedgerWrite;
  barred?: Barred;
}

async function send(desk: LineDesk, intent: LedgerWrite, provedAtMs: number): Promise<Answered> {
  const mayStillSend = (): boolean => desk.place.isAlive(provedAtMs) && barredNow(desk) === undefined;
  try {
    return judged(desk, intent, await desk.open.write({ ...intent.write.request, mayStillSend }));
  } catch (error) {
    if (error instanceof NoAnswer && error.fault === 'cut')
      return { write: answer(desk, intent, 'unknown', { fault: error.message }) };
    const barred = barredByFault(error, desk.open);
    // Anything else is a mistake in our code, before or after sending: the intent stays, and is settled by looking.
    if (barred === undefined || !(error instanceof NoAnswer || error instanceof BudgetSpent)) throw error;
    return { write: answer(desk, intent, 'not-executed', { fault: error.message }), barred };
  }
}

function judged(desk: LineDesk, intent: LedgerWrite, { answer: received, meaning }: Judged): Answered {
  const receipt = { status: received.status, text: received.text.slice(0, RECEIPT_CHARACTERS) };
  switch (meaning) {
    case 'ok':
      return { write: answer(desk, intent, 'acknowledged', receipt) };
    case 'unknown':
      return { write: answer(desk, intent, 'unknown', receipt) };
    case 'refused':
      return { write: { ...answer(desk, intent, 'refused', receipt), refusalCode: refusalOf(desk, intent, received).code } };
    default:
      return { write: answer(desk, intent, 'not-executed', receipt), barred: barredByMeaning(desk, received, meaning) };
  }
}

function answer(desk: LineDesk, write: LedgerWrite, state: LedgerWrite['state'], received: LedgerWrite['answer']): LedgerWrite {
  return { ...write, state, answer: received, answeredAt: desk.place.now() };
}

function barredByMeaning(desk: LineDesk, received: HttpAnswer, meaning: 'limited' | 'auth' | 'moved'): Barred {
  const message = `${received.status} ${received.text.slice(0, 200)}`;
  if (meaning === 'limited') return { code: 'RATE_LIMITED', message, waitsOn: 'limit', afterMs: 1_000 };
  desk.open.reopen();
  if (meaning === 'moved') return { code: 'PSA_UNREACHABLE', message, waitsOn: 'retry', afterMs: 500 };
  desk.open.stopped = { code: 'SECRETS_INVALID', message: `The PSA does not accept the secrets (${received.status})` };
  return { ...desk.open.stopped, waitsOn: 'settings', afterMs: 86_400_000 };
}

/** The connector's words for a refusal, else the PSA's own. */
export function refusalOf(desk: LineDesk, { write }: LedgerWrite, received: HttpAnswer): { code: Code; message: string } {
  const named = desk.place.connector.nameRefusal?.(received);
  if (named !== undefined) return named;
  const code = write.code === 'LINE_CREATED' ? 'LINE_CREATE_FAILED' : 'LINE_UPDATE_FAILED';
  return { code, message: `The PSA refused: ${received.text.slice(0, 500)}` };
}
