import kafkajs, {
  type CompressionTypes as Compression,
  type Kafka,
  type Message,
  type Producer,
  type TopicMessages,
} from 'kafkajs';
import { encodeRecord } from './encode-record.js';
import { ENCODED_RECORDS, registerEncodedRecords } from './encoded-records-codec.js';
import { GatheringPublisher } from './gathering-publisher.js';
import type { PublisherOptions } from './log-publisher.js';
import type { PlacedRecord } from './placed-record.js';

const { CompressionTypes } = kafkajs;
const DEFAULT_MAX_WAIT_MS = 10_000;
registerEncodedRecords();

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
  const isGzip = options.compression === 'gzip';
  const compression = isGzip ? CompressionTypes.GZIP : (ENCODED_RECORDS as Compression);
  const toMessage = isGzip ? toPlainMessage : toEncodedMessage;
  const send = async (records: readonly PlacedRecord[]): Promise<void> => {
    await connected();
    await producer.sendBatch({ acks: -1, timeout, compression, topicMessages: toTopicMessages(records, toMessage) });
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

type ToMessage = (record: PlacedRecord, indexInPartition: number) => Message;

function toTopicMessages(records: readonly PlacedRecord[], toMessage: ToMessage): TopicMessages[] {
  const byTopic = new Map<string, Message[][]>();
  for (const record of records) {
    let partitions = byTopic.get(record.topic);
    if (!partitions) byTopic.set(record.topic, (partitions = []));
    const messages = (partitions[record.partition] ??= []);
    messages.push(toMessage(record, messages.length));
  }
  return [...byTopic].map(([topic, partitions]) => ({ topic, messages: partitions.flat() }));
}

function toPlainMessage({ partition, key, value, headers }: PlacedRecord): Message {
  return { partition, key, value, headers };
}

function toEncodedMessage(record: PlacedRecord, indexInPartition: number): Message {
  return { partition: record.partition, value: encodeRecord(record, indexInPartition) };
}
