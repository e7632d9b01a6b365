import type { Outcome } from '@trueup/contracts';
import type { ArrivedChange } from './accept-change.js';
import type { LedgerStep, Recorded } from './apply-step.js';
import type { LedgerWrite, LineRow, WaitsOn } from './line-row.js';

/** A line under this replica's lease, as it was when claimed. */
export interface ClaimedLine extends LineRow {
  owner: string;
  fence: string;
  recordIds: readonly string[];
  /** The line's latest writes, oldest first, and every unsettled one. */
  writes: readonly LedgerWrite[];
}

/** A record of the topic that is no change; kept with its reason, its neighbours go on. */
export interface QuarantinedChange {
  offset: bigint;
  key: string | null;
  value: string | null;
  problem: string;
}

/** One batch of a topic's partition; `from` null when nothing was ever applied. */
export interface ArrivedBatch {
  topic: string;
  partition: number;
  group: string;
  from: bigint | null;
  to: bigint;
  changes: readonly ArrivedChange[];
  quarantined: readonly QuarantinedChange[];
}

export interface ClaimRequest {
  owner: string;
  connectionId: string;
  now: Date;
  /** Most lines of one pass. */
  limit: number;
  /** Accounts that passes of this owner work on; others that are leased to it are left over, and free for it. */
  held: readonly string[];
}

/** What a connection may be asked for besides its lines: a check, or the PSA's accounts and products. */
export type RequestSort = 'check' | 'list';

/** Work that is not at rest, for /inflight. */
export interface OpenWork {
  due: number;
  unsettled: number;
}

/** Lines of a connection that wait on the same. */
export interface WaitingLines {
  connectionId: string;
  waitsOn: WaitsOn | 'none';
  lines: number;
  /** When the change came that has waited longest. */
  oldestAt: Date;
}

/** Writes of a connection whose effect is not known. */
export interface UnsettledWrites {
  connectionId: string;
  writes: number;
  oldestAt: Date;
}

/** The memory of a connector. Every method is one transaction; crashes between any two are safe. */
export interface Ledger {
  accept(batch: ArrivedBatch, now: Date): Promise<void>;
  /** Says that this replica lives; without it for `LEASE_MS` others take over its accounts. */
  heartbeat(owner: string): Promise<void>;
  /** Connections with due lines. */
  dueConnections(now: Date): Promise<string[]>;
  /** When the next line falls due that is not due yet, if any waits. */
  nextDueAt(now: Date): Promise<Date | undefined>;
  /** Leases free accounts of the connection and answers their due lines. */
  claim(request: ClaimRequest): Promise<ClaimedLine[]>;
  /** Ties the PSA's records to the line. Answers the key of another line that already has one of them. */
  claimRecords(line: ClaimedLine, recordIds: readonly string[]): Promise<string | undefined>;
  /**
   * A remap whose two ends are one record: the line takes over record, baseline and last level of the other one. Answers the line as it is
   * now; undefined when the other one still wants units, or has an unsettled write.
   */
  takeOver(line: ClaimedLine, fromKey: string): Promise<ClaimedLine | undefined>;
  record(line: ClaimedLine, step: LedgerStep): Promise<Recorded>;
  release(owner: string, connectionId: string, accounts: readonly string[]): Promise<void>;
  /** The connection's settings changed: lines that wait for that are due. */
  wakeConnection(connectionId: string, now: Date): Promise<void>;
  /** The last request of this sort that each connection was answered. */
  answeredRequests(what: RequestSort): Promise<ReadonlyMap<string, number>>;
  /** Answers a request once: false when another replica was first. */
  answerRequest(what: RequestSort, connectionId: string, counter: number, outcomes: readonly Outcome[]): Promise<boolean>;
  openWork(): Promise<OpenWork>;
  /** Lines with work, by connection and what they wait on. */
  waitingLines(): Promise<WaitingLines[]>;
  /** Writes that are not settled, by connection. */
  unsettledWrites(): Promise<UnsettledWrites[]>;
}

/** A replica that was silent for so long has lost its accounts. */
export const LEASE_MS = 6_000;

/** Writes of the past that a claimed line carries. */
export const REMEMBERED_WRITES = 100;
