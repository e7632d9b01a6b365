import { TOPICS, type TopicDefinition } from '@trueup/contracts';
import { GatheringPublisher } from './gathering-publisher.js';
import { type KafkaLink, type OffsetRange, TopicMismatch } from './kafka-link.js';
import { type LinkLogger, silentLogger } from './link-logger.js';
import type { ConsumerOptions, LogConsumer } from './log-consumer.js';
import type { LogPublisher, PublisherOptions } from './log-publisher.js';
import type { LogRecord } from './log-record.js';
import { MemoryConsumer } from './memory-consumer.js';
import { MemoryGroup } from './memory-group.js';
import { MemoryPartition } from './memory-partition.js';
import type { PlacedRecord } from './placed-record.js';

export interface MemoryLogOptions {
  /** The clock of timestamps and of `retryAt`. Default: real time. */
  now?: () => Date;
  logger?: LinkLogger;
}

/** The log in memory, for unit tests: partitions, order, groups, redelivery. It starts with the product's topics. */
export class MemoryLog implements KafkaLink {
  private readonly topics = new Map<string, MemoryPartition[]>();
  private readonly groups = new Map<string, MemoryGroup>();
  private readonly now: () => Date;
  private readonly logger: LinkLogger;
  private outage: Error | null = null;

  constructor({ now = () => new Date(), logger = silentLogger }: MemoryLogOptions = {}) {
    this.now = now;
    this.logger = logger;
    for (const definition of TOPICS) this.create(definition);
  }

  publisher(options: PublisherOptions = {}): LogPublisher {
    return new GatheringPublisher(
      (records) => this.append(records),
      () => Promise.resolve(),
      options,
    );
  }

  consumer(options: ConsumerOptions): LogConsumer {
    const group = this.groups.get(options.groupId) ?? new MemoryGroup();
    this.groups.set(options.groupId, group);
    return new MemoryConsumer(options, group, {
      partitionsOf: (topic) => this.partitionsOf(topic),
      now: this.now,
      logger: this.logger,
    });
  }

  async endOffsets(topic: string): Promise<Map<number, bigint>> {
    return new Map([...(await this.offsetRanges(topic))].map(([partition, { end }]) => [partition, end]));
  }

  offsetRanges(topic: string): Promise<Map<number, OffsetRange>> {
    const ranges = this.partitionsOf(topic).map((partition, index): [number, OffsetRange] => [
      index,
      { start: 0n, end: partition.end },
    ]);
    return Promise.resolve(new Map(ranges));
  }

  committedOffsets(groupId: string, topic: string): Promise<Map<number, bigint>> {
    return Promise.resolve(this.groups.get(groupId)?.committedOf(topic) ?? new Map<number, bigint>());
  }

  async ensureTopics(definitions: readonly TopicDefinition[]): Promise<void> {
    for (const definition of definitions) this.create(definition);
  }

  /** Everything written to a topic, partition by partition. */
  recordsOf(topic: string): readonly LogRecord[] {
    return this.partitionsOf(topic).flatMap((partition) => partition.records);
  }

  /** Lets every send fail with this error until called with null: the broker is away. */
  breakDown(error: Error | null): void {
    this.outage = error;
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  private create({ name, partitions }: TopicDefinition): void {
    const present = this.topics.get(name);
    if (present && present.length !== partitions)
      throw new TopicMismatch(`topic ${name} has ${present.length} partitions and must have ${partitions}`);
    if (!present)
      this.topics.set(
        name,
        Array.from({ length: partitions }, () => new MemoryPartition()),
      );
  }

  private partitionsOf(topic: string): MemoryPartition[] {
    const partitions = this.topics.get(topic);
    if (!partitions) throw new Error(`topic ${topic} does not exist`);
    return partitions;
  }

  private append(records: readonly PlacedRecord[]): Promise<void> {
    if (this.outage) return Promise.reject(this.outage);
    for (const { topic, partition, key, value, headers } of records) {
      this.partitionsOf(topic)[partition]!.append({
        key,
        value: typeof value === 'string' ? Buffer.from(value, 'utf8') : value,
        headers,
        timestamp: this.now(),
      });
    }
    return Promise.resolve();
  }
}
