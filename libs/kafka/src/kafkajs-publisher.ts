import kafkajs, { type Kafka, type Message, type Producer, type TopicMessages } from 'kafkajs';
import { GatheringPublisher } from './gathering-publisher.js';
import type { PublisherOptions } from './log-publisher.js';
import type { PlacedRecord } from './placed-record.js';

const { CompressionTypes } = kafkajs;
const DEFAULT_MAX_WAIT_MS = 10_000;

/** A publisher over a connection of its own. Idempotence is off: it forbids nothing that one send in flight allows, and its errors kill the producer. */
export function kafkajsPublisher(kafka: Kafka, options: PublisherOptions = {}): GatheringPublisher {
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    idempotent: false,
    maxInFlightRequests: 1,
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition!,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5 },
  });
  const connected = connecting(producer);
  const timeout = Math.min(options.maxWaitMs ?? DEFAULT_MAX_WAIT_MS, DEFAULT_MAX_WAIT_MS);
  const compression = options.compression === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None;
  const send = async (records: readonly PlacedRecord[]): Promise<void> => {
    await connected();
    await producer.sendBatch({ acks: -1, timeout, compression, topicMessages: toTopicMessages(records) });
  };
  return new GatheringPublisher(send, () => producer.disconnect(), options);
}

/** Connects once; after a failure the next caller tries anew. */
function connecting(producer: Producer): () => Promise<void> {
  let attempt: Promise<void> | null = null;
  return async () => {
    attempt ??= producer.connect();
    try {
      await attempt;
    } catch (error) {
      attempt = null;
      throw error;
    }
  };
}

function toTopicMessages(records: readonly PlacedRecord[]): TopicMessages[] {
  const byTopic = new Map<string, Message[]>();
  for (const { topic, partition, key, value, headers } of records) {
    const messages = byTopic.get(topic) ?? [];
    messages.push({ partition, key, value, headers });
    byTopic.set(topic, messages);
  }
  return [...byTopic].map(([topic, messages]) => ({ topic, messages }));
}
