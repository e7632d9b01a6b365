import type { Runtime } from '@trueup/testing/product';
import { checkHistory } from '../check/check-history.js';
import type { History } from '../check/history.js';
import type { Verdict } from '../check/verdict.js';
import type { Fault } from '../fault.js';
import { type Attempt, carryOut } from './carry-out.js';
import { FaultNotes } from './fault-notes.js';
import type { RunRecord } from './run-record.js';

/** One fault (or several, one after the other) with one seed, from two new tenants to a verdict. Never throws: an error is a failed run. */
export async function runFault(runtime: Runtime, faults: readonly Fault[], seed: number): Promise<RunRecord> {
  const startedAt = performance.now();
  const notes = new FaultNotes();
  const ids = faults.map(({ id }) => id).join('+');
  const seen = await judged({ ids, seed, notes, runtime, faults });
  if (seen !== null && seen.parked !== notes.parked) {
    notes.broken.push(`${seen.parked} lines and records are parked instead of ${notes.parked}`);
  }
  return {
    seed,
    faults: ids,
    title: faults.map(({ title }) => title).join('; '),
    mustHold: faults.map(({ mustHold }) => mustHold).join('; '),
    ...(seen ?? NOTHING_SEEN),
    took_s: seconds(performance.now() - startedAt),
    figures: notes.figures,
    broken: notes.broken,
    hasPassed: seen !== null && isClean(seen) && notes.broken.length === 0,
  };
}

type Seen = Verdict & Pick<RunRecord, 'events_in' | 'effects_out' | 'recovery_s'>;

/** Null when the run broke off before anything could be checked. */
async function judged(attempt: Attempt): Promise<Seen | null> {
  try {
    const { history, recoveryMs } = await carryOut(attempt);
    const recovery_s = recoveryMs === null ? -1 : seconds(recoveryMs);
    return {
      ...checkHistory(history, (finding) => attempt.faults.some((fault) => fault.excuses?.(finding) === true)),
      events_in: eventsIn(history),
      effects_out: history.effects.length,
      recovery_s,
    };
  } catch (error) {
    attempt.notes.broken.push(`the run broke off: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

function eventsIn({ tenants }: History): number {
  return tenants.flatMap(({ sent }) => sent).filter(({ acknowledged }) => acknowledged > 0).length;
}

function isClean({ lost, doubled, leaked, reordered, unknown_left, unexplained }: Verdict): boolean {
  return [lost, doubled, leaked, reordered, unknown_left, unexplained].every((count) => count === 0);
}

const NOTHING_SEEN: Seen = {
  events_in: 0,
  effects_out: 0,
  lost: 0,
  doubled: 0,
  leaked: 0,
  reordered: 0,
  parked: 0,
  unknown_left: 0,
  unexplained: 0,
  findings: [],
  recovery_s: -1,
};

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
