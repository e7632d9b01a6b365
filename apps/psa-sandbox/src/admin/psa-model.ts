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

/** What stands against taking one more call. */
export interface CallLoad {
  /** Calls at once under the limit of this one, it included; 0 = no such limit. */
  readonly running: number;
  /** Calls that count towards the hourly limit, this one included. */
  readonly callsInLastHour: number;
}

export type RefusalReason = 'threads' | 'suspended';

/** A call is taken after a pause, or refused by a limit. */
export type Admission = { readonly delayMs: number } | { readonly reason: RefusalReason; readonly refusal: PsaAnswer };

/** A field of a given state that cannot be taken, as JSON pointer and reason. */
export interface StateProblem {
  readonly pointer: string;
  readonly detail: string;
}

/** A billing period to approve and post, of one contract or of all that have it. */
export interface PeriodToPost {
  readonly contractId?: number | undefined;
  /** First day of the period, or any day of it. */
  readonly periodStart?: string | undefined;
  readonly date?: string | undefined;
}

/** A billing period that was posted; both days belong to it. */
export interface PostedPeriod {
  readonly contractId: number;
  readonly periodStart: string;
  readonly periodEnd: string;
  readonly billingItemIds: readonly number[];
}

/** The days and the contract that a view of billing is asked for; absent = all. Both days belong to it. */
export interface BillingSpan {
  readonly contractId?: number | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What one line of a contract comes to within a span, in units times days. */
export interface LineBilling {
  readonly contractId: number;
  readonly contractServiceId: number;
  readonly serviceId: number;
  /** Names, for people. */
  readonly customer: string;
  readonly contract: string;
  readonly product: string;
  /** By the units in force: what the customer is billed once everything is posted. */
  readonly unitDays: number;
  /** By the items of the posts so far. */
  readonly billedUnitDays: number;
  readonly ranges: readonly {
    readonly from: string;
    readonly to: string;
    readonly units: number;
    readonly days: number;
    readonly unitDays: number;
  }[];
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
  /** What shares a limit of concurrent calls with this one; undefined = the call is under no limit at all. */
  threadOf(call: PsaCall): string | undefined;
  /** Who calls, for the journal: never a secret itself; undefined = the call carries no credentials. */
  callerOf(call: PsaCall): string | undefined;
  /** Whether the limits let a call in. */
  admit(load: CallLoad): Admission;
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
  /** The PSA's own billing run over one period; problems mean that nothing has changed. */
  postPeriod(
    wanted: PeriodToPost,
    tables: RecordTables,
    now: Date,
  ): { posted: readonly PostedPeriod[] } | { problems: readonly StateProblem[] };
  /** A ready state by name, made for `now`; undefined if there is none of that name. */
  example(name: string, now: Date): object | undefined;
  /** What every line comes to within the span. */
  billing(span: BillingSpan, tables: RecordTables): readonly LineBilling[];
}
