/** One record as it was read. `offset` is its place in the partition, `timestamp` the broker's append time. */
export interface LogRecord {
  offset: bigint;
  key: string | null;
  value: Buffer | null;
  headers: Readonly<Record<string, string>>;
  timestamp: Date;
}

/** Consecutive records of one partition, in order; never empty. */
export interface RecordBatch {
  topic: string;
  partition: number;
  records: readonly LogRecord[];
}

/**
 * What a handler made of a batch: everything before `done` is dealt with for good (so `done` is the next offset to read),
 * or the partition rests until `retryAt` and is then read again at `from`. Other partitions flow meanwhile.
 */
export type BatchOutcome = { done: bigint } | { retryAt: Date; from: bigint };

/** One record to write. `partitionBy` decides the partition (contracts' `partitionOf`), `key` what compaction keeps apart. */
export interface OutRecord {
  key: string;
  partitionBy: string;
  value: string | Buffer | null;
  headers?: Record<string, string>;
}

/** The outcome that says: the whole batch is dealt with. */
export function doneWith(batch: RecordBatch): BatchOutcome {
  const last = batch.records.at(-1);
  if (!last) throw new RangeError('a batch is never empty');
  return { done: last.offset + 1n };
}
