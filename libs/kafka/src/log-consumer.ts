import type { BatchOutcome, RecordBatch } from './log-record.js';

export interface BatchControl {
  /** Aborted when the consumer stops: finish or give up soon. */
  signal: AbortSignal;
  /** Keeps the membership alive inside work longer than a few seconds. */
  heartbeat(): Promise<void>;
}

/** Deals with one batch. A throw is a bug or an environment error: logged, the partition is read again after a growing pause. */
export type BatchHandler = (batch: RecordBatch, control: BatchControl) => Promise<BatchOutcome>;

export interface ConsumerOptions {
  groupId: string;
  topics: readonly string[];
  /**
   * Next offset to read per partition, asked on every group join; wins over committed offsets. A partition that is absent
   * from the answer is read from its beginning. Without this function committed offsets decide.
   */
  startingOffsets?: (topic: string) => Promise<Map<number, bigint>>;
  /** Records per handler call. Default 500. */
  maxRecords?: number;
  /** Partitions of this member handled side by side. Default 4. */
  concurrency?: number;
  /** The consumer has given up for good; the process should exit with an error so that it is started again. */
  onCrash?: (error: Error) => void;
}

export interface ConsumerHealth {
  /** Partitions that this member owns and has positioned. */
  owned: { topic: string; partition: number; nextOffset: bigint | null; pausedUntil: Date | null }[];
  isJoined: boolean;
  /** How often this member has joined: every rebalance is one more. */
  joins: number;
  /** When it last asked the log for records, on `performance.now()`; null before the first time. */
  lastPollMs: number | null;
  /** When the consumer last heard from the broker or finished a batch; null before the first time. */
  lastProgressAt: Date | null;
  /** Why the consumer gave up for good, else null. */
  crashed: string | null;
}

/** A member of a consumer group. */
export interface LogConsumer {
  /** Resolves when the group is joined for the first time. */
  run(handle: BatchHandler): Promise<void>;
  /** Waits for handlers under way; nothing is handed out afterwards. */
  stop(): Promise<void>;
  health(): ConsumerHealth;
}
