import type { BatchControl, BatchHandler } from './log-consumer.js';
import type { RecordBatch } from './log-record.js';
import type { LinkLogger } from './link-logger.js';

/** Where the partition goes on, and whether it rests first. */
export interface Settled {
  next: bigint;
  restUntil: Date | null;
}

export interface SettleContext {
  logger: LinkLogger;
  now: () => Date;
  /** How often in a row this partition's handler has thrown. */
  failures: number;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** Runs the handler once. A throw becomes a growing rest of this partition alone, because an error that reached the client would stop them all. */
export async function settleBatch(
  batch: RecordBatch,
  handle: BatchHandler,
  control: BatchControl,
  context: SettleContext,
): Promise<Settled & { failures: number }> {
  const first = batch.records[0]!.offset;
  try {
    const outcome = await handle(batch, control);
    if ('done' in outcome) return { next: outcome.done, restUntil: null, failures: 0 };
    return { next: outcome.from, restUntil: outcome.retryAt, failures: 0 };
  } catch (error) {
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** context.failures, LONGEST_PAUSE_MS);
    context.logger.error(
      { err: error, topic: batch.topic, partition: batch.partition, offset: String(first), pauseMs },
      'batch handler failed, the partition is read again later',
    );
    return { next: first, restUntil: new Date(context.now().getTime() + pauseMs), failures: context.failures + 1 };
  }
}
