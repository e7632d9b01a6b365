import type { TopicDefinition } from '@trueup/contracts';
import type { ConsumerOptions, LogConsumer } from './log-consumer.js';
import type { LogPublisher, PublisherOptions } from './log-publisher.js';

/** The first and the next offset that a partition has. `end` is where the next record will be written. */
export interface OffsetRange {
  start: bigint;
  end: bigint;
}

/** The log as the product sees it: kafkajs in production, memory in unit tests. No client type passes through it. */
export interface KafkaLink {
  /** A publisher with its own connection and its own single send in flight. Connects on first use. */
  publisher(options?: PublisherOptions): LogPublisher;
  consumer(options: ConsumerOptions): LogConsumer;
  /** Next offset to be written, per partition. Throws when the broker does not answer. */
  endOffsets(topic: string): Promise<Map<number, bigint>>;
  offsetRanges(topic: string): Promise<Map<number, OffsetRange>>;
  /** What the group has committed; partitions without a commit are absent. */
  committedOffsets(groupId: string, topic: string): Promise<Map<number, bigint>>;
  /** Creates what is missing; throws TopicMismatch when an existing topic has another partition count. */
  ensureTopics(definitions: readonly TopicDefinition[]): Promise<void>;
  /** Closes the link's own connections; publishers and consumers are stopped by their owners. */
  stop(): Promise<void>;
}

/** An existing topic contradicts its definition. Partition counts are fixed for ever, so nothing is changed. */
export class TopicMismatch extends Error {
  override readonly name = 'TopicMismatch';
}
