import type { Code, PlainDate, ShiftedDays, Step } from '@trueup/contracts';

/** One request to the PSA, relative to the session's base address. The SDK sends it, once. */
export interface PsaRequest {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** One act that changes the PSA, with the schedule that it finds and the schedule that it must leave. */
export interface Write {
  /** The code under which the outcome reports it. */
  code: 'LINE_UPDATED' | 'LINE_CREATED' | 'LINE_ZEROED';
  /** The day from which the change holds. Schedules are compared from here when the write is settled. */
  effectiveDate: PlainDate;
  before: readonly Step[];
  after: readonly Step[];
  request: PsaRequest;
  /** The day that the change belongs to, where it cannot be written on that day. */
  meantFor?: PlainDate;
  /** What somebody else did in the PSA and this write undoes, with both values; the SDK sets it where the policy restores. */
  writtenOver?: string;
}

/** What a person must do, because the PSA's API cannot. */
export interface WorkItem {
  message: string;
  effectiveDate: PlainDate;
  from: string;
  to: string;
}

/**
 * The next single act for a line. `wait` is looked at again when the local day `until` begins, plus the tenant's grace. `shifted`: days from
 * `change.writesFrom` on that stay billed otherwise than the schedule says, and that nothing planned will mend.
 */
export type Next =
  | { do: 'nothing'; shifted?: readonly ShiftedDays[] }
  | { do: 'write'; write: Write }
  | { do: 'manual'; instruction: WorkItem }
  | { do: 'wait'; until: PlainDate; code: Code; message?: string; shifted?: readonly ShiftedDays[] }
  | { do: 'hold'; code: Code; message: string }
  | { do: 'refuse'; code: Code; message: string; candidates?: readonly string[] };
