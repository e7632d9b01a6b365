import type { Code, OutcomeKind, PlainDate, QuantityChange, Step } from '@trueup/contracts';
import type { Write } from '../connector/next.js';

/** Why a line that is due is not worked on at once. `date` and `settings` wait for the calendar or a person; the others are in flight. */
export type WaitsOn = 'retry' | 'settle' | 'breaker' | 'limit' | 'date' | 'settings';

/** What the PSA held when a line was first looked at. */
export interface Baseline {
  steps: readonly Step[];
  at: string;
  /** First day for which this line may be written, when the baseline was equal to ours: earlier days are as they were found. */
  writesFrom?: PlainDate;
  /** The agreement line that took over this one's record by a remap. */
  handedTo?: string;
}

/** One agreement line in the ledger: what it should be, what we know it to be, when it is worked on next. */
export interface LineRow {
  tenantId: string;
  connectionId: string;
  key: string;
  account: string;
  version: number;
  changeId: string;
  isPreview: boolean;
  change: QuantityChange;
  isGone: boolean;
  isDue: boolean;
  dueAt: Date;
  firstDueAt: Date;
  waitsOn?: WaitsOn;
  /** Outcomes told so far for this version. */
  attempt: number;
  /** Kind and code of the last one, so that a wait is told once. */
  lastOutcome?: string;
  finalKind?: OutcomeKind;
  baseline?: Baseline;
  lastLevel?: readonly Step[];
}

/**
 * `intent`: committed, not yet answered (after a crash: maybe sent). `acknowledged`: the PSA said yes. `unknown`: no clear answer.
 * `confirmed`: read back. `refused`, `not-executed`: had no effect. `disputed`: the PSA shows neither value. `vouched`: a person said what holds.
 */
export type WriteState =
  'intent' | 'acknowledged' | 'unknown' | 'confirmed' | 'refused' | 'not-executed' | 'disputed' | 'vouched';

/** One write in the ledger. `writeKey` is the idempotency key of this one intent. */
export interface LedgerWrite {
  writeKey: string;
  version: number;
  ordinal: number;
  state: WriteState;
  write: Write;
  intendedAt: Date;
  answeredAt?: Date;
  refusalCode?: Code;
  /** Status and the beginning of the PSA's answer: the receipt. */
  answer?: { status: number; text: string } | { fault: string };
  /** Whether a final outcome has told of it. */
  isReported: boolean;
}

/** Whether nothing may be planned for the line until this write is settled. */
export function isUnsettled(write: LedgerWrite): boolean {
  return write.state === 'intent' || write.state === 'acknowledged' || write.state === 'unknown' || write.state === 'disputed';
}
