import { crashPoint } from '@trueup/service';
import { lastLevelOf } from '../connector/schedule.js';
import type { LedgerWrite } from '../ledger/line-row.js';
import { later, nextLook } from './due-times.js';
import { bothLevels } from './judge-start.js';
import { judgeWrite, type WriteVerdict } from './judge-write.js';
import { wordsOfWrite } from './outcome-of.js';
import type { LineDesk } from './line-desk.js';

/**
 * Decides about the line's unsettled write by what was read, and records it. True: settled, so the line may be planned.
 * False: the line waits, or a person must act; until then nothing is planned, however new the target.
 */
export async function settleLine(desk: LineDesk, write: LedgerWrite): Promise<boolean> {
  const verdict = verdictOf(desk, write);
  switch (verdict) {
    case 'confirmed':
    case 'vouched':
      return settled(desk, write, verdict);
    case 'not-executed':
      await desk.record({ writes: [{ ...write, state: 'not-executed' }] });
      return true;
    case 'pending':
      await tellUnsettled(desk, write);
      return false;
    case 'person':
    case 'disputed':
      await tellConflict(desk, write, verdict);
      return false;
  }
}

/** The verdict by the reading on the desk. */
export function verdictOf(desk: LineDesk, write: LedgerWrite): WriteVerdict {
  return judgeWrite({
    write,
    change: desk.line.change,
    held: desk.held.steps,
    isNewRecordThere: desk.held.records.some((record) => !desk.line.recordIds.includes(record.id)),
    now: desk.place.now(),
    settleMs: desk.open.settleMs,
  });
}

/** What the PSA holds is known again: it is the last level. */
export async function settled(desk: LineDesk, write: LedgerWrite, state: 'confirmed' | 'vouched'): Promise<true> {
  desk.lastLevel = desk.held.steps === 'unreadable' ? write.write.after : desk.held.steps;
  crashPoint('connector.before-confirm');
  await desk.record({ writes: [{ ...write, state }] });
  return true;
}

async function tellUnsettled(desk: LineDesk, write: LedgerWrite): Promise<void> {
  const now = desk.place.now();
  const dueAt = nextLook(write.answeredAt ?? write.intendedAt, desk.open.settleMs, now);
  const message = `Not yet shown by the PSA: ${wordsOfWrite(write.write)}; nothing is sent before it is clear`;
  await desk.conclude(
    { kind: 'unsettled', code: 'OUTCOME_UNSETTLED', message, writes: [desk.told(write)] },
    { dueAt: dueAt < later(now, 100) ? later(now, 100) : dueAt, waitsOn: 'settle' },
  );
}

async function tellConflict(desk: LineDesk, write: LedgerWrite, verdict: 'person' | 'disputed'): Promise<void> {
  const { steps } = desk.held;
  const words = wordsOfWrite(write.write);
  const writes = [desk.told(write)];
  if (verdict === 'person' || steps === 'unreadable') {
    const message = `The PSA accepted ${words}, but does not show it`;
    return desk.conclude({ kind: 'conflict', code: 'OUTCOME_UNSETTLED', message, writes }, 'done', [write]);
  }
  const message = `${bothLevels('After our write the PSA shows neither value', steps, write.write.after, write.write.effectiveDate)} (${words}; in the end ${lastLevelOf(write.write.after)})`;
  const disputed: LedgerWrite = { ...write, state: 'disputed' };
  await desk.conclude({ kind: 'conflict', code: 'DRIFT_DETECTED', message, writes }, 'done', [disputed]);
}
