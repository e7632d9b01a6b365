import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { LinkLogger } from './link-logger.js';
import type { BatchControl, BatchHandler } from './log-consumer.js';
import type { LogRecord } from './log-record.js';
import type { PartitionLane, PartitionLanes } from './partition-lane.js';
import { toHeaderTexts } from './record-headers.js';
import { restUntil } from './rest-until.js';
import { settleBatch } from './settle-batch.js';

export interface PartitionWorkOptions {
  consumer: Consumer;
  lanes: PartitionLanes;
  maxRecords: number;
  signal: AbortSignal;
  logger: LinkLogger;
  now: () => Date;
}

/** What happens to the partitions that a member owns: chunks to the handler, positions, rests. Throws only what kafkajs threw. */
export class KafkajsPartitionWork {
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(private readonly options: PartitionWorkOptions) {}

  /** Resolves when no handler runs. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.underWay);
  }

  async eachBatch(payload: EachBatchPayload, handle: BatchHandler): Promise<void> {
    const { batch } = payload;
    const lane = this.options.lanes.find(batch.topic, batch.partition);
    const size = this.options.maxRecords;
    for (let from = 0; lane && from < batch.messages.length; from += size) {
      if (!this.isOpen(lane) || !payload.isRunning() || payload.isStale()) return;
      const records = batch.messages.slice(from, from + size).map(toLogRecord);
      if (!(await this.handleChunk(lane, records, payload, handle))) return;
      await payload.heartbeat();
    }
  }

  seek(lane: PartitionLane, offset: bigint): void {
    lane.nextOffset = offset;
    this.options.consumer.seek({ topic: lane.topic, partition: lane.partition, offset: String(offset) });
  }

  pause({ topic, partition }: PartitionLane): void {
    this.options.consumer.pause([{ topic, partitions: [partition] }]);
  }

  resume({ topic, partition }: PartitionLane): void {
    this.options.consumer.resume([{ topic, partitions: [partition] }]);
  }

  private isOpen(lane: PartitionLane): boolean {
    return lane.isPositioned && !lane.restUntil && !this.options.signal.aborted && this.isOurs(lane);
  }

  private isOurs(lane: PartitionLane): boolean {
    return this.options.lanes.find(lane.topic, lane.partition) === lane;
  }

  /** Answers whether the partition goes on right behind the chunk. */
  private async handleChunk(
    lane: PartitionLane,
    records: LogRecord[],
    payload: EachBatchPayload,
    handle: BatchHandler,
  ): Promise<boolean> {
    const { topic, partition } = lane;
    const { signal, logger, now } = this.options;
    const control: BatchControl = { signal, heartbeat: () => payload.heartbeat() };
    const context = { logger, now, failures: lane.failures };
    const settled = await this.watched(settleBatch({ topic, partition, records }, handle, control, context));
    if (!this.isOurs(lane) || !lane.isPositioned) return false; // a new group generation has decided where to read
    lane.failures = settled.failures;
    lane.nextOffset = settled.next;
    const isNext = settled.next === records.at(-1)!.offset + 1n;
    if (isNext) payload.resolveOffset(String(settled.next - 1n));
    else this.seek(lane, settled.next);
    if (settled.restUntil) this.rest(lane, settled.restUntil);
    if (settled.next > records[0]!.offset) await this.commit(lane, settled.next, payload);
    return isNext && !settled.restUntil;
  }

  private async watched<T>(work: Promise<T>): Promise<T> {
    this.underWay.add(work);
    try {
      return await work;
    } finally {
      this.underWay.delete(work);
    }
  }

  /** A lost commit means redelivery, which handlers must bear anyway; only what makes kafkajs join anew may pass. */
  private async commit({ topic, partition }: PartitionLane, next: bigint, payload: EachBatchPayload): Promise<void> {
    try {
      await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset: String(next) }] }] });
    } catch (error) {
      this.options.logger.debug({ err: error, topic, partition }, 'offset commit failed');
      await payload.heartbeat();
    }
  }

  private rest(lane: PartitionLane, until: Date): void {
    lane.restUntil = until;
    this.pause(lane);
    lane.cancelRest = restUntil(until, this.options.now, () => {
      lane.restUntil = null;
      if (this.isOpen(lane)) this.resume(lane);
    });
  }
}

function toLogRecord(message: KafkaMessage): LogRecord {
  return {
    offset: BigInt(message.offset),
    key: message.key?.toString('utf8') ?? null,
    value: message.value,
    headers: toHeaderTexts(message.headers),
    timestamp: new Date(Number(message.timestamp)),
  };
}
