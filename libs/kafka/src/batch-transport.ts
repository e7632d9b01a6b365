import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { BatchContext } from './batch-context.js';
import { inBatchSpan } from './batch-span.js';
import { GroupLag, type PartitionLag } from './group-lag.js';
import { HandlerWatch } from './handler-watch.js';
import type { KafkaLink } from './kafka-link.js';
import { LagAges } from './lag-ages.js';
import type { BatchControl, ConsumerOptions, LogConsumer } from './log-consumer.js';
import type { BatchOutcome, RecordBatch } from './log-record.js';
import { StallWatch } from './stall-watch.js';
import { toOutcome } from './to-outcome.js';
import type { HandledBatch, LagWithAge, TransportHealth } from './transport-health.js';

export interface BatchTransportOptions extends Omit<ConsumerOptions, 'topics'> {
  link: KafkaLink;
  /** Of the topics that have a handler, only these; default all. */
  onlyTopics?: readonly string[];
  /** Told of every batch, for metrics. */
  onHandled?: (handled: HandledBatch) => void;
  /** Silence of a handler after which the process counts as dead. Default 120,000, twice what a statement may last. */
  handlerPatienceMs?: number;
}

const STALL_PATIENCE_MS = 60_000;
const POLL_PATIENCE_MS = 60_000;
const HANDLER_PATIENCE_MS = 120_000;
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
  private readonly handlers = new HandlerWatch();
  private readonly lagAges = new LagAges();
  private lastLag: LagWithAge[] = [];
  private lookedMs = -Infinity;
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
      await this.consumer.run((batch, control) => inBatchSpan(batch, () => this.hand(batch, control)));
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
    const { isJoined, joins, lastProgressAt, crashed } = this.consumer?.health() ?? {
      isJoined: false,
      joins: 0,
      lastProgressAt: null,
      crashed: null,
    };
    return { isJoined, joins, lag: this.lastLag, lastProgressAt, crashed, stalled: this.stalled };
  }

  /**
   * Why this process should be started again, or null: the consumer gave up, a handler gives no sign any more, a partition of ours does not
   * move, or nothing asks for records although the log answers. A log that is away is none of these.
   */
  problemOfLife(): string | null {
    const { crashed, stalled } = this.health();
    const silent = this.handlers.silent(this.options.handlerPatienceMs ?? HANDLER_PATIENCE_MS);
    if (crashed !== null) return crashed;
    if (silent.length > 0) return `no sign of the handlers of ${silent.join(', ')}`;
    if (stalled.length > 0) return `no progress in ${stalled.join(', ')}`;
    return this.isPollSilent() ? 'records are no longer asked for' : null;
  }

  /** Lag of the whole group over every partition, at most `maxAgeMs` old (default one second; 0 for "is anything in flight?"). Throws when the log does not answer. */
  async lag(maxAgeMs = LAG_AGE_MS): Promise<LagWithAge[]> {
    const lags = await this.groupLag.read(this.topics(), maxAgeMs);
    this.lookedMs = performance.now();
    const ages = this.lagAges.look(lags, this.lookedMs);
    this.lastLag = lags.map((lag, index) => ({ ...lag, ageMs: ages[index]! }));
    this.stalled = this.stallWatch.look(this.movable(), this.lookedMs);
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
    const watched = this.handlers.begin(batch.topic, batch.partition);
    const beat = async (): Promise<void> => {
      watched.moves();
      await control.heartbeat();
    };
    const began = performance.now();
    let result: HandledBatch['result'] = 'failed';
    try {
      const answer: unknown = await handler(batch, new BatchContext(batch, { ...control, heartbeat: beat }));
      const outcome = toOutcome(isObservable(answer) ? await lastValueFrom(answer) : answer);
      result = 'done' in outcome ? 'done' : 'later';
      return outcome;
    } finally {
      watched.ends();
      const seconds = (performance.now() - began) / 1_000;
      this.options.onHandled?.({ topic: batch.topic, records: batch.records.length, seconds, result });
    }
  }

  /** Only while the log answers our other questions, and no handler is under way for whose sake the client waits. */
  private isPollSilent(): boolean {
    const { isJoined, lastPollMs } = this.consumer?.health() ?? { isJoined: false, lastPollMs: null };
    const now = performance.now();
    const isLogThere = now - this.lookedMs < 2 * LOOK_EVERY_MS;
    return isJoined && isLogThere && this.handlers.count === 0 && lastPollMs !== null && now - lastPollMs > POLL_PATIENCE_MS;
  }
}
