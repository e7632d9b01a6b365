import { Kafka, logLevel } from 'kafkajs';

/** One record of a topic, as any client reads it. */
export interface TopicRecord {
  topic: string;
  partition: number;
  offset: bigint;
  key: string;
  value: string | null;
}

const READ_WITHIN_MS = 60_000;

/** Every record of the topics from the beginning to where they end now, in the order of each partition. */
export async function readTopics(brokers: string, topics: readonly string[]): Promise<TopicRecord[]> {
  const kafka = new Kafka({ clientId: 'faults-observer', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const open = await endsOf(kafka, topics);
  const records: TopicRecord[] = [];
  if (open.size === 0) return records;
  const consumer = kafka.consumer({ groupId: `faults-observer-${crypto.randomUUID()}` });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const tooLong = setTimeout(() => reject(new Error(`not read to the end: ${[...open.keys()].join(', ')}`)), READ_WITHIN_MS);
      const end = (): void => {
        clearTimeout(tooLong);
        resolve();
      };
      const eachBatch = ({
        batch,
      }: {
        batch: { topic: string; partition: number; highWatermark: string; messages: RawMessage[]; lastOffset(): string };
      }): Promise<void> => {
        const { topic, partition } = batch;
        for (const { offset, key, value } of batch.messages) {
          records.push({
            topic,
            partition,
            offset: BigInt(offset),
            key: key?.toString() ?? '',
            value: value?.toString() ?? null,
          });
        }
        const name = `${topic}/${partition}`;
        if (BigInt(batch.lastOffset()) + 1n >= (open.get(name) ?? 0n)) open.delete(name);
        if (open.size === 0) end();
        return Promise.resolve();
      };
      consumer.run({ eachBatch }).catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return records.sort((a, b) => (a.topic === b.topic && a.partition === b.partition ? Number(a.offset - b.offset) : 0));
}

interface RawMessage {
  offset: string;
  key: Buffer | null;
  value: Buffer | null;
}

/** Partitions that hold something, with the offset after their last record. */
async function endsOf(kafka: Kafka, topics: readonly string[]): Promise<Map<string, bigint>> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const ends = new Map<string, bigint>();
    for (const topic of topics) {
      for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) {
        if (BigInt(high) > BigInt(low)) ends.set(`${topic}/${partition}`, BigInt(high));
      }
    }
    return ends;
  } finally {
    await admin.disconnect();
  }
}
