import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import type { LinkLogger } from './link-logger.js';
import type { BatchControl, BatchHandler, ConsumerHealth, ConsumerOptions, LogConsumer } from './log-consumer.js';
import type { LogRecord } from './log-record.js';
import { PartitionLanes, type PartitionLane } from './partition-lane.js';
import { toHeaderTexts } from './record-headers.js';
import { restUntil } from './rest-until.js';
import { settleBatch, type Settled } from './settle-batch.js';

const DEFAULT_MAX_RECORDS = 500;
const DEFAULT_CONCURRENCY = 4;
const REPOSITION_REST_MS = 500;

/** A group member over kafkajs. It never throws out of eachBatch except what kafkajs itself threw, because any other error stops every partition. */
export class KafkajsConsumer implements LogConsumer {
  private readonly consumer: Consumer;
  private readonly lanes = new PartitionLanes();
  private readonly stopping = new AbortController();
  private readonly joined = Promise.withResolvers<void>();
  private generation = 0;
  private isJoined = false;
  private lastProgressAt: Date | null = null;
  private crashed: string | null = null;

  constructor(
    kafka: Kafka,
    private readonly options: ConsumerOptions,
    private readonly env: { logger: LinkLogger; now: () => Date },
  ) {
    this.consumer = kafka.consumer({
      groupId: options.groupId,
      sessionTimeout: 10_000,
      heartbeatInterval: 1_000,
      rebalanceTimeout: 20_000,
      minBytes: 1,
      maxWaitTimeInMs: 200,
      allowAutoTopicCreation: false,
      retry: {
        initialRetryTime: 100,
        maxRetryTime: 2_000,
        retries: 8,
        restartOnFailure: () => Promise.resolve(!this.stopping.signal.aborted),
      },
    });
    this.listen();
  }

  async run(handle: BatchHandler): Promise<void> {
    await this.connect();
    if (this.stopping.signal.aborted) return;
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.options.concurrency ?? DEFAULT_CONCURRENCY,
      eachBatch: (payload) => this.eachBatch(payload, handle),
    });
    await this.joined.promise;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.joined.resolve();
    this.lanes.assign({});
    await this.consumer.disconnect();
    this.isJoined = false;
  }

  health(): ConsumerHealth {
    const owned = this.lanes
      .all()
      .map(({ topic, partition, nextOffset, restUntil: pausedUntil }) => ({ topic, partition, nextOffset, pausedUntil }));
    return { owned, isJoined: this.isJoined, lastProgressAt: this.lastProgressAt, crashed: this.crashed };
  }

  /** A broker that is away, or a topic that is not there yet, is waited for. */
  private async connect(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.consumer.connect();
        await this.consumer.subscribe({ topics: [...this.options.topics], fromBeginning: true });
        return;
      } catch (error) {
        this.env.logger.warn({ err: error, topics: this.options.topics }, 'log not reachable or topic missing, tried again');
        await this.rest(REPOSITION_REST_MS);
      }
    }
  }

  private listen(): void {
    const { GROUP_JOIN, CRASH, FETCH, END_BATCH_PROCESS } = this.consumer.events;
    const progress = (): void => void (this.lastProgressAt = this.env.now());
    this.consumer.on(FETCH, progress);
    this.consumer.on(END_BATCH_PROCESS, progress);
    this.consumer.on(GROUP_JOIN, ({ payload }) => this.onJoin(payload.memberAssignment));
    this.consumer.on(CRASH, ({ payload }) => this.onCrash(payload.error, payload.restart));
  }

  private onCrash(error: Error, isRestarting: boolean): void {
    this.isJoined = false;
    this.lanes.assign({});
    if (isRestarting || this.stopping.signal.aborted) return;
    this.crashed = error.message;
    this.env.logger.error({ err: error }, 'consumer gave up');
    this.options.onCrash?.(error);
  }

  /** Runs before the first fetch of the new generation: everything stays paused until it is known where to read. */
  private onJoin(assignment: Record<string, number[]>): void {
    this.generation += 1;
    this.lanes.assign(assignment);
    for (const lane of this.lanes.all()) this.pause(lane);
    for (const topic of Object.keys(assignment)) void this.position(topic, this.generation);
    this.isJoined = true;
    this.joined.resolve();
  }

  private async position(topic: string, generation: number): Promise<void> {
    const isCurrent = (): boolean => generation === this.generation && !this.stopping.signal.aborted;
    while (isCurrent()) {
      try {
        const offsets = await this.options.startingOffsets?.(topic);
        if (isCurrent()) this.startTopic(topic, offsets);
        return;
      } catch (error) {
        this.env.logger.warn({ err: error, topic }, 'starting offsets not readable, tried again');
        await this.rest(REPOSITION_REST_MS);
      }
    }
  }

  private startTopic(topic: string, offsets: Map<number, bigint> | undefined): void {
    for (const lane of this.lanes.all().filter((each) => each.topic === topic)) {
      if (offsets) this.seek(lane, offsets.get(lane.partition) ?? 0n);
      lane.isPositioned = true;
      if (!lane.restUntil) this.resume(lane);
    }
  }

  private async eachBatch(payload: EachBatchPayload, handle: BatchHandler): Promise<void> {
    const { batch } = payload;
    const lane = this.lanes.find(batch.topic, batch.partition);
    const size = this.options.maxRecords ?? DEFAULT_MAX_RECORDS;
    for (let from = 0; from < batch.messages.length; from += size) {
      if (!lane?.isPositioned || lane.restUntil || !payload.isRunning() || payload.isStale() || this.stopping.signal.aborted)
        return;
      const records = batch.messages.slice(from, from + size).map(toLogRecord);
      if (!(await this.handleChunk(lane, records, payload, handle))) return;
      await payload.heartbeat();
    }
  }

  /** Answers whether the partition goes on right behind the chunk. */
  private async handleChunk(
    lane: PartitionLane,
    records: LogRecord[],
    payload: EachBatchPayload,
    handle: BatchHandler,
  ): Promise<boolean> {
    const { topic, partition } = lane;
    const control: BatchControl = { signal: this.stopping.signal, heartbeat: () => payload.heartbeat() };
    const settled = await settleBatch({ topic, partition, records }, handle, control, { ...this.env, failures: lane.failures });
    lane.failures = settled.failures;
    lane.nextOffset = settled.next;
    const isNext = settled.next === records.at(-1)!.offset + 1n;
    if (isNext) payload.resolveOffset(String(settled.next - 1n));
    else this.seek(lane, settled.next);
    if (settled.next > records[0]!.offset) await this.commit(lane, settled, payload);
    if (settled.restUntil) this.restLane(lane, settled.restUntil);
    return isNext && !settled.restUntil;
  }

  /** A lost commit means redelivery, which handlers must bear anyway; only what makes kafkajs join anew may pass. */
  private async commit({ topic, partition }: PartitionLane, { next }: Settled, payload: EachBatchPayload): Promise<void> {
    try {
      await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset: String(next) }] }] });
    } catch (error) {
      this.env.logger.debug({ err: error, topic, partition }, 'offset commit failed');
      await payload.heartbeat();
    }
  }

  private seek(lane: PartitionLane, offset: bigint): void {
    lane.nextOffset = offset;
    this.consumer.seek({ topic: lane.topic, partition: lane.partition, offset: String(offset) });
  }

  private restLane(lane: PartitionLane, until: Date): void {
    lane.restUntil = until;
    this.pause(lane);
    lane.cancelRest = restUntil(until, this.env.now, () => {
      lane.restUntil = null;
      if (lane.isPositioned && !this.stopping.signal.aborted) this.resume(lane);
    });
  }

  private pause({ topic, partition }: PartitionLane): void {
    this.consumer.pause([{ topic, partitions: [partition] }]);
  }

  private resume({ topic, partition }: PartitionLane): void {
    this.consumer.resume([{ topic, partitions: [partition] }]);
  }

  private rest(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
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
