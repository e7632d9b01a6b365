import type { PsaAnswer, PsaCall } from './psa-call.js';
import type { RecordTables } from './record-tables.js';

/** Circumstances of one call. */
export interface CallContext {
  /** The tables to read and change; an older copy when a fault serves stale reads. */
  readonly tables: RecordTables;
  readonly now: Date;
  /** API calls within the last 60 minutes, this one included. */
  readonly callsInLastHour: number;
  /** True for calls of the sandbox itself: nobody signs in. */
  readonly isTrusted: boolean;
}

/** A field of a given state that cannot be taken, as JSON pointer and reason. */
export interface StateProblem {
  readonly pointer: string;
  readonly detail: string;
}

/** How this PSA words the failures that faults pretend. */
export interface FaultAnswers {
  readonly timeoutExpired: PsaAnswer;
  readonly tooManyRequests: PsaAnswer;
  /** A failure of the server; `text` is what an application error would say. */
  failure(text: string | undefined): PsaAnswer;
}

/** One pretended PSA: pure, synchronous, no socket and no clock of its own. */
export interface PsaModel {
  /** Name for logs and for the admin side, e.g. `autotask`. */
  readonly name: string;
  readonly faultAnswers: FaultAnswers;
  /** Method and path with ids replaced, the unit of call statistics. */
  endpointOf(call: PsaCall): string;
  /** Whether the call means to change something, as opposed to reading. */
  isWrite(call: PsaCall): boolean;
  /** Answers a call; throws nothing but bugs. A refused write leaves the tables untouched. */
  answer(call: PsaCall, context: CallContext): PsaAnswer;
  /** The PSA's own shorthand for "somebody changes a quantity", as a call. */
  adjustmentCall(adjustment: Readonly<Record<string, unknown>>): PsaCall;
  /** Everything that `replaceState` takes, records included. */
  exportState(tables: RecordTables): object;
  /** Replaces everything, or answers what is wrong and changes nothing. */
  replaceState(input: unknown, tables: RecordTables): StateProblem[];
  /** Puts records beside those that are there. After problems the tables are to be undone. */
  addRecords(input: unknown, tables: RecordTables): StateProblem[];
}
