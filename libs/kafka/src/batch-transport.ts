import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { BatchContext } from './batch-context.js';
import { GroupLag, type PartitionLag } from './group-lag.js';
import type { KafkaLink } from './kafka-link.js';
import type { BatchControl, ConsumerOptions, LogConsumer } from './log-consumer.js';
import type { BatchOutcome, RecordBatch } from './log-record.js';
import { StallWatch } from './stall-watch.js';

export interface BatchTransportOptions extends Omit<ConsumerOptions, 'topics'> {
  link: KafkaLink;
  /** Of the topics that have a handler, only these; default all. */
  onlyTopics?: readonly string[];
}

export interface TransportHealth {
  isJoined: boolean;
  /** Last known lag per partition of the whole group; empty before the first look. */
  lag: PartitionLag[];
  lastProgressAt: Date | null;
  /** Why the consumer gave up for good, else null. */
  crashed: string | null;
  /** Partitions ("topic/partition") of this member that have records and do not move. */
  stalled: string[];
}

const STALL_PATIENCE_MS = 60_000;
const LAG_AGE_MS = 1_000;
const LOOK_EVERY_MS = 5_000;

/**
 * Hands record batches to Nest handlers (`@OnBatch(topic)` or `@EventPattern<string>(topic)`), awaits their outcome, then commits.
 * Nest's own Kafka transport knows single messages only and acknowledges what failed.
 */
export class BatchTransport extends Server implements CustomTransportStrategy {
  override readonly propagatesEventHandlerErrors = true;
  private readonly groupLag: GroupLag;
  private readonly stallWatch = new StallWatch(STALL_PATIENCE_MS);
  private consumer: LogConsumer | null = null;
  private lastLag: PartitionLag[] = [];
  private stalled: string[] = [];
  private looking: NodeJS.Timeout | null = null;

  constructor(private readonly options: BatchTransportOptions) {
    super();
    this.groupLag = new GroupLag(options);
  }

  /** Refuses a second handler for a topic: a batch has one outcome. */
  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEventHandler?: boolean,
    extras?: Record<string, unknown>,
  ): void {
    if (this.messageHandlers.has(this.normalizePattern(pattern as string)))
      throw new Error(`topic ${String(pattern)} has two handlers`);
    super.addHandler(pattern, callback, isEventHandler, extras);
  }

  /** Calls back once the group is joined. */
  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      this.consumer = this.options.link.consumer({ ...this.options, topics: this.topics() });
      await this.consumer.run((batch, control) => this.hand(batch, control));
      this.looking = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
      callback();
    } catch (error) {
      callback(error);
    }
  }

  async close(): Promise<void> {
    if (this.looking) clearInterval(this.looking);
    await this.consumer?.stop();
  }

  /** Without a question to the log; see `lag` for a fresh one. */
  health(): TransportHealth {
    const { isJoined, lastProgressAt, crashed } = this.consumer?.health() ?? {
      isJoined: false,
      lastProgressAt: null,
      crashed: null,
    };
    return { isJoined, lag: this.lastLag, lastProgressAt, crashed, stalled: this.stalled };
  }

  /** Lag of the whole group over every partition, at most `maxAgeMs` old (default one second; 0 for "is anything in flight?"). Throws when the log does not answer. */
  async lag(maxAgeMs = LAG_AGE_MS): Promise<PartitionLag[]> {
    this.lastLag = await this.groupLag.read(this.topics(), maxAgeMs);
    this.stalled = this.stallWatch.look(this.movable(), performance.now());
    return this.lastLag;
  }

  on(): never {
    throw new Error('a batch transport emits no events; ask health()');
  }

  unwrap<T>(): T {
    return this.consumer as T;
  }

  /** Keeps `health` truthful even if nobody asks for the lag. */
  private async look(): Promise<void> {
    try {
      await this.lag();
    } catch (error) {
      // Log or store away: how far we are cannot be known, and that is not for this process to cure.
      this.stalled = [];
      this.logger.debug?.(`lag not readable: ${String(error)}`);
    }
  }

  private topics(): string[] {
    const { onlyTopics } = this.options;
    return [...this.messageHandlers.keys()].filter((topic) => !onlyTopics || onlyTopics.includes(topic));
  }

  private movable(): PartitionLag[] {
    const owned = (this.consumer?.health().owned ?? []).filter(({ pausedUntil }) => !pausedUntil);
    const isOwned = (lag: PartitionLag): boolean =>
      owned.some(({ topic, partition }) => topic === lag.topic && partition === lag.partition);
    return this.lastLag.filter((lag) => lag.lag > 0n && isOwned(lag));
  }

  private async hand(batch: RecordBatch, control: BatchControl): Promise<BatchOutcome> {
    const handler = this.messageHandlers.get(batch.topic);
    if (!handler) throw new Error(`no handler for topic ${batch.topic}`);
    const answer: unknown = await handler(batch, new BatchContext(batch, control));
    return toOutcome(isObservable(answer) ? await lastValueFrom(answer) : answer);
  }
}

/** A handler that forgot to return an outcome must not count as done. */
function toOutcome(answer: unknown): BatchOutcome {
  if (typeof answer === 'object' && answer !== null) {
    if ('done' in answer && typeof answer.done === 'bigint') return { done: answer.done };
    if ('retryAt' in answer && answer.retryAt instanceof Date && 'from' in answer && typeof answer.from === 'bigint')
      return { retryAt: answer.retryAt, from: answer.from };
  }
  throw new Error('batch handler returned no outcome');
}
