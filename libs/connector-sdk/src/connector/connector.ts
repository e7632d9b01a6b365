import type { Code, ConnectionSettings, Finding, PlainDate, PsaEntry, PsaLine, QuantityChange, Step } from '@trueup/contracts';
import type { AnswerClass, HttpAnswer } from '../http/http-answer.js';
import type { Http, Psa, Session } from '../http/psa.js';
import type { Next } from './next.js';

/** An agreement line as `locate` and `read` get it. */
export interface AgreementLineRef {
  key: string;
  change: QuantityChange;
  /** The day on which an agreement must be in force to be the one: today, or the first day for which anything may be written. */
  on: PlainDate;
  /** Schedules that this line is known to have had or to get: to tell apart two readings of what the PSA shows. */
  knownLevels: readonly (readonly Step[])[];
}

/** Where a line is kept in the PSA. No record ids: the line is not there yet, and a write would create it. */
export interface Located<L> {
  line: AgreementLineRef;
  recordIds: readonly string[];
  location: L;
}

/** Why a line cannot be brought to its schedule until a person acts. */
export interface Refusal {
  refused: Code;
  message: string;
  candidates?: readonly string[];
}

/** A record of the PSA as read: its id and, where the PSA has one, our reference. */
export interface PsaRecord {
  id: string;
  reference?: string;
}

/** What the PSA holds now for one line. `raw` is the connector's own, for `plan`. */
export interface Held<H> {
  steps: readonly Step[] | 'unreadable';
  /** The first day on which the PSA can hold anything for the line, as the begin of its agreement: nothing before it is compared. */
  from?: PlainDate;
  records: readonly PsaRecord[];
  /** Changes whenever the PSA's record changes, where the PSA has such a thing. */
  token?: string;
  raw: H;
}

/** A write of the past. `refused` carries the code under which the connector named the refusal. */
export interface PastWrite {
  writeKey: string;
  version: number;
  effectiveDate: PlainDate;
  state: 'confirmed' | 'refused' | 'not-executed' | 'vouched';
  code?: Code;
}

/** What the ledger remembers of a line. */
export interface Memory {
  /** The local day of the tenant, where a day begins when the tenant's grace after midnight is over: a day before it gets no more changes. */
  today: PlainDate;
  /** What the PSA held after our last confirmed write, or at the baseline. */
  lastLevel: readonly Step[];
  /** Days for which a write of ours was executed. */
  usedDates: readonly PlainDate[];
  writes: readonly PastWrite[];
}

/**
 * One kind of PSA, in its own words. Everything that is not particular to it is done by the SDK. `S` settings, `L` location, `H` raw reading.
 * `locate` and `read` only read; they get all lines of a pass at once and answer in the same order.
 */
export interface Connector<L = unknown, H = unknown, S extends ConnectionSettings = ConnectionSettings> {
  /** Finds base address and authentication headers. Called again after `auth` or `moved`. */
  open(settings: S, http: Http): Promise<Session>;
  /** What an answer means here; undefined leaves it to the SDK's table. */
  classify?(answer: HttpAnswer): AnswerClass | undefined;
  /** The code and words for a refused write; undefined: LINE_UPDATE_FAILED or LINE_CREATE_FAILED with the PSA's own text. */
  nameRefusal?(answer: HttpAnswer): { code: Code; message: string } | undefined;
  locate(lines: readonly AgreementLineRef[], psa: Psa<S>): Promise<readonly (Located<L> | Refusal)[]>;
  read(lines: readonly Located<L>[], psa: Psa<S>): Promise<readonly (Held<H> | Refusal)[]>;
  /** The next single act; pure. `change.writesFrom` is already raised by a baseline found in this pass. */
  plan(change: QuantityChange, held: Held<H>, memory: Memory, settings: S): Next;
  /** How much of the PSA's own limit all of its integrations have used, 0 to 1. Asked now and then; near 1 the work rests. */
  usedShare?(psa: Psa<S>): Promise<number>;
  /** Tries what the connector needs and names what is missing. */
  check?(psa: Psa<S>): Promise<readonly Finding[]>;
  /** Every account that a customer may be mapped to, `ref` as the mapping writes it by these settings. Without it nothing is suggested. */
  listAccounts?(psa: Psa<S>): Promise<readonly PsaEntry[]>;
  /** Every product that a sku may be mapped to, likewise. */
  listProducts?(psa: Psa<S>): Promise<readonly PsaEntry[]>;
  /**
   * What the PSA bills on `today` in its active recurring agreements, lines of zero units too. Without it nobody is told of what no mapping
   * names.
   */
  listLines?(psa: Psa<S>, today: PlainDate): Promise<readonly PsaLine[]>;
}

/** Whether an answer of `locate` or `read` is a refusal. */
export function isRefusal(answer: object): answer is Refusal {
  return 'refused' in answer;
}
