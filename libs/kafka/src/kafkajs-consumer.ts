import type { Consumer, Kafka } from 'kafkajs';
import { KafkajsPartitionWork } from './kafkajs-partition-work.js';
import type { LinkLogger } from './link-logger.js';
import type { BatchHandler, ConsumerHealth, ConsumerOptions, LogConsumer } from './log-consumer.js';
import { PartitionLanes } from './partition-lane.js';

// A record ends the wait at once; this is only how often an idle member asks. Leaving the group may take as long.
const MAX_FETCH_WAIT_MS = 500;
const DEFAULT_MAX_RECORDS = 500;
const DEFAULT_CONCURRENCY = 4;
const REPOSITION_REST_MS = 500;
const LEAVE_WITHIN_MS = 3_000;

/** A group member over kafkajs. It never throws out of eachBatch except what kafkajs itself threw, because any other error stops every partition. */
export class KafkajsConsumer implements LogConsumer {
  private readonly consumer: Consumer;
  private readonly work: KafkajsPartitionWork;
  private readonly lanes = new PartitionLanes();
  private readonly stopping = new AbortController();
  private readonly joined = Promise.withResolvers<void>();
  private generation = 0;
  private isJoined = false;
  private joins = 0;
  private lastPollMs: number | null = null;
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
      maxWaitTimeInMs: MAX_FETCH_WAIT_MS,
      allowAutoTopicCreation: false,
      retry: {
        initialRetryTime: 100,
        maxRetryTime: 2_000,
        retries: 8,
        restartOnFailure: () => Promise.resolve(!this.stopping.signal.aborted),
      },
    });
    const { signal } = this.stopping;
    const maxRecords = options.maxRecords ?? DEFAULT_MAX_RECORDS;
    this.work = new KafkajsPartitionWork({ consumer: this.consumer, lanes: this.lanes, maxRecords, signal, ...env });
    this.listen();
  }

  async run(handle: BatchHandler): Promise<void> {
    await Promise.race([this.connect(), this.joined.promise]); // a stop ends the wait for a log that is away
    if (this.stopping.signal.aborted) return;
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.options.concurrency ?? DEFAULT_CONCURRENCY,
      eachBatch: (payload) => this.work.eachBatch(payload, handle),
    });
    await this.joined.promise;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.joined.resolve();
    await Promise.race([this.consumer.disconnect(), this.patience()]);
    this.forget();
  }

  health(): ConsumerHealth {
    const owned = this.lanes
      .all()
      .map(({ topic, partition, nextOffset, restUntil: pausedUntil }) => ({ topic, partition, nextOffset, pausedUntil }));
    const { isJoined, joins, lastPollMs, lastProgressAt, crashed } = this;
    return { owned, isJoined, joins, lastPollMs, lastProgressAt, crashed };
  }

  /** A broker that is away, or a topic that is not there yet, is waited for. */
  private async connect(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.consumer.connect();
        if (this.stopping.signal.aborted) return await this.consumer.disconnect();
        await this.consumer.subscribe({ topics: [...this.options.topics], fromBeginning: true });
        return;
      } catch (error) {
        this.env.logger.warn({ err: error, topics: this.options.topics }, 'log not reachable or topic missing, tried again');
        await this.rest(REPOSITION_REST_MS);
      }
    }
  }

  private listen(): void {
    const { GROUP_JOIN, STOP, CRASH, FETCH, END_BATCH_PROCESS } = this.consumer.events;
    const progress = (): void => {
      this.lastPollMs = performance.now();
      this.lastProgressAt = this.env.now();
    };
    this.consumer.on(FETCH, progress);
    this.consumer.on(END_BATCH_PROCESS, progress);
    this.consumer.on(GROUP_JOIN, ({ payload }) => this.onJoin(payload.memberAssignment));
    this.consumer.on(STOP, () => this.forget());
    this.consumer.on(CRASH, ({ payload }) => this.onCrash(payload.error, payload.restart));
  }

  /** Without a group, kafkajs throws on every pause, resume and seek: no timer of ours may outlive it. */
  private forget(): void {
    this.generation += 1;
    this.isJoined = false;
    this.lanes.assign({});
  }

  private onCrash(error: Error, isRestarting: boolean): void {
    if (isRestarting || this.stopping.signal.aborted) return;
    this.crashed = error.message;
    this.env.logger.error({ err: error }, 'consumer gave up');
    this.options.onCrash?.(error);
  }

  /** Runs before the first fetch of the new generation: everything stays paused until it is known where to read. */
  private onJoin(assignment: Record<string, number[]>): void {
    this.generation += 1;
    this.joins += 1;
    this.lanes.assign(assignment);
    for (const lane of this.lanes.all()) this.work.pause(lane);
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
      if (offsets) this.work.seek(lane, offsets.get(lane.partition) ?? 0n);
      lane.isPositioned = true;
      if (!lane.restUntil) this.work.resume(lane);
    }
  }

  /** Handlers are waited for; a broker that does not answer our leaving is not. */
  private async patience(): Promise<void> {
    await this.work.idle();
    await this.rest(LEAVE_WITHIN_MS);
  }

  private rest(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }
}
