import { FINAL_OUTCOMES, type Outcome, type Step } from '@trueup/contracts';
import type { Baseline, LedgerWrite, LineRow, WaitsOn } from './line-row.js';

/** What one step of the work adds to the ledger, in one transaction. */
export interface LedgerStep {
  /** Do nothing unless the version worked on is still the newest. */
  needsNewest?: boolean;
  baseline?: Baseline;
  lastLevel?: readonly Step[];
  /** Added, or put in place of the one with the same key. */
  writes?: readonly LedgerWrite[];
  outcome?: Omit<Outcome, 'attempt'>;
  /** When the line is worked on next. Absent: as it is. */
  next?: 'done' | { dueAt: Date; waitsOn?: WaitsOn };
}

/** `superseded`: a newer version is there, so the step was not recorded (with `needsNewest`) or told no outcome. `lost`: another replica took over. */
export type Recorded = 'recorded' | 'superseded' | 'lost';

export interface Applied {
  verdict: Exclude<Recorded, 'lost'>;
  row: LineRow;
  outcome?: Outcome;
}

/** The line after a step; pure, so that every ledger does the same. */
export function applyStep(row: LineRow, workedVersion: number, step: LedgerStep): Applied {
  const isNewest = row.version === workedVersion && !row.isGone;
  if (!isNewest && step.needsNewest === true) return { verdict: 'superseded', row };
  const known = { ...row, baseline: step.baseline ?? row.baseline, lastLevel: step.lastLevel ?? row.lastLevel };
  if (!isNewest) return { verdict: 'superseded', row: known };
  return { verdict: 'recorded', ...told(scheduled(known, step), step) };
}

function scheduled(row: LineRow, { next }: LedgerStep): LineRow {
  if (next === undefined) return row;
  if (next === 'done') return { ...row, isDue: false, waitsOn: undefined };
  return { ...row, isDue: true, dueAt: next.dueAt, waitsOn: next.waitsOn };
}

function told(row: LineRow, { outcome }: LedgerStep): { row: LineRow; outcome?: Outcome } {
  if (outcome === undefined || isRepeat(row, outcome)) return { row };
  const attempt = row.attempt + 1;
  const finalKind = FINAL_OUTCOMES.has(outcome.kind) ? outcome.kind : row.finalKind;
  return { row: { ...row, attempt, finalKind, lastOutcome: wordOf(outcome) }, outcome: { ...outcome, attempt } };
}

/** A wait is told once. A version has one final outcome; only a refusal that went away by itself may be followed by another. */
function isRepeat(row: LineRow, outcome: Omit<Outcome, 'attempt'>): boolean {
  if (row.lastOutcome === wordOf(outcome)) return true;
  if (row.finalKind === undefined) return false;
  return !(row.finalKind === 'rejected' && FINAL_OUTCOMES.has(outcome.kind));
}

function wordOf(outcome: Omit<Outcome, 'attempt'>): string {
  return `${outcome.kind}:${outcome.code}`;
}
