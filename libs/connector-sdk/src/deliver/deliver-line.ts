import { laterOf, type PlainDate, type QuantityChange } from '@trueup/contracts';
import type { Next, WorkItem, Write } from '../connector/next.js';
import type { LedgerWrite } from '../ledger/line-row.js';
import { aDayLater, dayWithGrace } from './due-times.js';
import { judgeStart, type Start } from './judge-start.js';
import type { LineDesk } from './line-desk.js';
import { outcomeWriteOf, wordsOfWrite } from './outcome-of.js';
import { sendWrite } from './send-write.js';
import { settled, settleLine, verdictOf } from './settle-line.js';
import { concludeDone, refuse } from './conclude.js';
import { MOST_WRITES } from './workplace.js';

// A reading older than this is taken again before anything is written on it; what only tells may rest on one of the same pass.
const FRESH_TO_WRITE_MS = 3_000;
const FRESH_TO_TELL_MS = 60_000;
// Right after a write the PSA is looked at this often before the line goes on waiting.
const LOOKS_AFTER_MS = [0, 150, 600, 1_500];

/** Brings one line to its schedule: settles what is unsettled, then reads, plans, writes once and looks, until nothing is left. */
export async function deliverLine(desk: LineDesk): Promise<void> {
  const { unsettled } = desk;
  if (unsettled !== undefined && !(await settleLine(desk, unsettled))) return;
  if (desk.isHandedOver) return concludeDone(desk);
  for (let writes = 0; writes < MOST_WRITES; writes++) {
    const write = await nextFreshWrite(desk);
    if (write === undefined || !(await carryOut(desk, write))) return;
  }
  await desk.dueAt(desk.place.now());
}

/** Most lines of a pass need no write: only for one that does a call is spent on another look right before it. */
async function nextFreshWrite(desk: LineDesk): Promise<Write | undefined> {
  if (!(await readFresh(desk, FRESH_TO_TELL_MS))) return undefined;
  const { readAt } = desk;
  const write = await nextWrite(desk);
  if (write === undefined || !(await readFresh(desk, FRESH_TO_WRITE_MS))) return undefined;
  return desk.readAt === readAt ? write : nextWrite(desk);
}

async function readFresh(desk: LineDesk, withinMs: number): Promise<boolean> {
  if (desk.place.now().getTime() - desk.readAt.getTime() < withinMs) return true;
  const refusal = await desk.reread();
  if (refusal === undefined) return true;
  await refuse(desk, refusal);
  return false;
}

/** The write to make now; undefined: the line has come to rest, and its outcome is told. */
async function nextWrite(desk: LineDesk): Promise<Write | undefined> {
  const start = startOf(desk);
  if (!start.ok) {
    await desk.conclude({ kind: 'held', code: start.code, message: start.message }, 'done');
    return undefined;
  }
  desk.baseline = start.baseline;
  desk.lastLevel = start.lastLevel;
  const change = { ...desk.line.change, writesFrom: start.writesFrom };
  const next = desk.place.connector.plan(change, desk.held, desk.memory(), desk.open.settings);
  if (next.do !== 'write') {
    await rest(desk, next);
    return undefined;
  }
  const write = start.drift === undefined ? next.write : { ...next.write, writtenOver: start.drift };
  if (desk.line.isPreview) {
    await preview(desk, write);
    return undefined;
  }
  return write;
}

function startOf(desk: LineDesk): Start {
  return judgeStart({
    change: fromBegin(withoutSpentVouch(desk), desk.held.from),
    held: desk.held.steps,
    isThere: desk.held.records.length > 0,
    baseline: desk.baseline,
    lastLevel: desk.lastLevel,
    today: desk.today,
    at: desk.readAt.toISOString(),
  });
}

/** What a person vouched for holds until a write under it is confirmed; after that another value is drift again. */
function withoutSpentVouch({ line: { change }, writes }: LineDesk): QuantityChange {
  const { since } = change.acceptFound ?? {};
  const isSpent = since !== undefined && writes.some((each) => each.state === 'confirmed' && each.version >= since);
  return isSpent ? { ...change, acceptFound: undefined } : change;
}

function fromBegin(change: QuantityChange, begin: PlainDate = change.writesFrom): QuantityChange {
  return { ...change, writesFrom: laterOf(change.writesFrom, begin) };
}

async function rest(desk: LineDesk, next: Exclude<Next, { do: 'write' }>): Promise<void> {
  const now = desk.place.now();
  switch (next.do) {
    case 'nothing':
      return concludeDone(desk, next.shifted);
    case 'manual':
      return leaveToPerson(desk, next.instruction);
    case 'hold':
      return desk.conclude({ kind: 'held', code: next.code, message: next.message }, 'done');
    case 'refuse':
      return refuse(desk, { refused: next.code, message: next.message, candidates: next.candidates });
    case 'wait': {
      const { timeZone, graceHours } = desk.open.connection;
      const dueAt = dayWithGrace(next.until, timeZone, graceHours);
      const message = next.message ?? `Waits until ${next.until}`;
      if (dueAt <= now) throw new Error(`plan waits for ${next.until}, which has begun`);
      const { code, until, shifted } = next;
      return desk.conclude({ kind: 'deferred', code, message, until, shifted }, { dueAt, waitsOn: 'date' });
    }
  }
}

async function leaveToPerson(desk: LineDesk, { message, effectiveDate, from, to }: WorkItem): Promise<void> {
  const recordIds = [...desk.located.recordIds];
  const manual = { effectiveDate, from, to, ...(recordIds.length > 0 && { recordIds }) };
  await desk.conclude({ kind: 'manual', code: 'CAPABILITY_MISSING', message, manual }, 'done');
}

async function preview(desk: LineDesk, write: Write): Promise<void> {
  const message = `Would write ${wordsOfWrite(write)}`;
  const writes = [outcomeWriteOf(`${desk.line.change.lineRef}.${desk.line.version}.0`, write)];
  await desk.conclude({ kind: 'planned', code: write.code, message, writes }, 'done');
}

/** Sends the write and looks at what came of it. True: settled, or refused in a way that `plan` may answer with another write. */
async function carryOut(desk: LineDesk, write: Write): Promise<boolean> {
  const before = refusedAlike(desk, write);
  if (before !== undefined) return endInRefusal(desk, before);
  const sent = await sendWrite(desk, write);
  if (sent.is === 'stopped') return false;
  if (sent.is === 'look') return look(desk, sent.write);
  // The next plan must not rest on what was read before the refusal.
  desk.readAt = new Date(0);
  return true;
}

/** The same request was refused in this version already: asking again would not help. */
function refusedAlike(desk: LineDesk, write: Write): LedgerWrite | undefined {
  const request = JSON.stringify(write.request);
  return desk.writes.find(
    (each) =>
      each.state === 'refused' &&
      each.version === desk.line.version &&
      !isLookedAtAnew(desk, each) &&
      JSON.stringify(each.write.request) === request,
  );
}

/** A refusal of an earlier day is tried again: whatever caused it may be gone. */
function isLookedAtAnew(desk: LineDesk, write: LedgerWrite): boolean {
  return aDayLater(write.intendedAt).getTime() - desk.place.now().getTime() < 60_000;
}

async function endInRefusal(desk: LineDesk, write: LedgerWrite): Promise<false> {
  const text = write.answer !== undefined && 'text' in write.answer ? write.answer.text : '';
  const code = write.refusalCode ?? 'LINE_UPDATE_FAILED';
  await refuse(desk, { refused: code, message: `The PSA refused ${wordsOfWrite(write.write)}: ${text}` });
  return false;
}

async function look(desk: LineDesk, write: LedgerWrite): Promise<boolean> {
  for (const afterMs of LOOKS_AFTER_MS) {
    if (afterMs > 0) await desk.place.wait(afterMs);
    const refusal = await desk.reread();
    if (refusal !== undefined) break;
    const verdict = verdictOf(desk, write);
    if (verdict === 'confirmed') return settled(desk, write, 'confirmed');
    if (verdict !== 'pending') break;
  }
  return settleLine(desk, write);
}
