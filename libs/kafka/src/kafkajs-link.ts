import type { TopicDefinition } from '@trueup/contracts';
import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import { ensureTopics } from './ensure-topics.js';
import type { KafkaLink, OffsetRange } from './kafka-link.js';
import { KafkajsConsumer } from './kafkajs-consumer.js';
import { kafkajsLogCreator } from './kafkajs-logging.js';
import { kafkajsPublisher } from './kafkajs-publisher.js';
import type { LinkLogger } from './link-logger.js';
import type { ConsumerOptions, LogConsumer } from './log-consumer.js';
import type { LogPublisher, PublisherOptions } from './log-publisher.js';
import { quietRequestQueue } from './quiet-request-queue.js';

export interface KafkaOptions {
  /** host:port of some brokers. */
  brokers: readonly string[];
  clientId: string;
  logger: LinkLogger;
  /** The clock that `retryAt` is compared with; pass the service's. Default: real time. */
  now?: () => Date;
}

const CONNECTION_TIMEOUT_MS = 3_000;
const LONGEST_REQUEST_MS = 10_000;
const SHORTEST_REQUEST_MS = 1_000;
/** Questions (lag, readiness) are asked again by whoever needs them, so they fail early. */
const LONGEST_ANSWER_MS = 3_000;
const ADMIN_RETRIES = 4;
const CLIENT_RETRIES = 8;
quietRequestQueue();

/** A link to Apache Kafka. Nothing connects before it is used. */
export function createKafka(options: KafkaOptions): KafkaLink {
  return new KafkajsLink(options);
}

class KafkajsLink implements KafkaLink {
  private admin: Promise<Admin> | null = null;

  constructor(private readonly options: KafkaOptions) {}

  publisher(options: PublisherOptions = {}): LogPublisher {
    const halfMs = (options.maxWaitMs ?? LONGEST_REQUEST_MS) / 2;
    return kafkajsPublisher(this.client(Math.min(Math.max(halfMs, SHORTEST_REQUEST_MS), LONGEST_REQUEST_MS)), options);
  }

  consumer(options: ConsumerOptions): LogConsumer {
    const { logger, now = () => new Date() } = this.options;
    return new KafkajsConsumer(this.client(LONGEST_REQUEST_MS), options, { logger, now });
  }

  async endOffsets(topic: string): Promise<Map<number, bigint>> {
    return new Map([...(await this.offsetRanges(topic))].map(([partition, { end }]) => [partition, end]));
  }

  offsetRanges(topic: string): Promise<Map<number, OffsetRange>> {
    return this.asking(async (admin) => {
      const offsets = await admin.fetchTopicOffsets(topic);
      return new Map(offsets.map(({ partition, low, high }) => [partition, { start: BigInt(low), end: BigInt(high) }]));
    });
  }

  committedOffsets(groupId: string, topic: string): Promise<Map<number, bigint>> {
    return this.asking(async (admin) => {
      const [answer] = await admin.fetchOffsets({ groupId, topics: [topic] });
      const committed = (answer?.partitions ?? []).filter(({ offset }) => !offset.startsWith('-'));
      return new Map(committed.map(({ partition, offset }) => [partition, BigInt(offset)]));
    });
  }

  ensureTopics(definitions: readonly TopicDefinition[]): Promise<void> {
    return this.asking((admin) => ensureTopics(admin, definitions));
  }

  async stop(): Promise<void> {
    await this.forgetAdmin();
  }

  /** After a failure the next question connects anew: the client does not always find its way back to a broker that went away. */
  private async asking<T>(ask: (admin: Admin) => Promise<T>): Promise<T> {
    this.admin ??= this.connectAdmin();
    try {
      return await ask(await this.admin);
    } catch (error) {
      await this.forgetAdmin();
      throw error;
    }
  }

  private async connectAdmin(): Promise<Admin> {
    const admin = this.client(LONGEST_ANSWER_MS, ADMIN_RETRIES).admin();
    await admin.connect();
    return admin;
  }

  private async forgetAdmin(): Promise<void> {
    const forgotten = this.admin;
    this.admin = null;
    const admin = await forgotten?.catch(() => null); // never connected: nothing to close
    await admin?.disconnect();
  }

  private client(requestTimeout: number, retries = CLIENT_RETRIES): Kafka {
    return new kafkajs.Kafka({
      brokers: [...this.options.brokers],
      clientId: this.options.clientId,
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout,
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries },
      logLevel: kafkajs.logLevel.INFO,
      logCreator: kafkajsLogCreator(this.options.logger),
    });
  }
}
