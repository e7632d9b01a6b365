import { LINE_TARGETS, OUTCOMES, PROVISIONING_EVENTS, quantityChangesTopic } from '@trueup/contracts';
import { Kafka, logLevel } from 'kafkajs';
import { ask } from '@trueup/testing/product';
import type { FaultRun } from '../fault.js';

/** Where each reader keeps how far it has come, and what it reads. */
export const READERS = {
  'billing-projector': { schema: 'billing', topics: [PROVISIONING_EVENTS] },
  'change-control': { schema: 'control', topics: [LINE_TARGETS, OUTCOMES] },
  'connector-autotask': { schema: 'connector_autotask', topics: [quantityChangesTopic('autotask')] },
} as const;

export type Reader = keyof typeof READERS;
export const READER_NAMES = Object.keys(READERS) as Reader[];

/** Next offsets by `topic/partition`. */
export type Places = Map<string, bigint>;

/** How far the reader has come. */
export async function placesOf(run: FaultRun, reader: Reader): Promise<Places> {
  const { schema, topics } = READERS[reader];
  const rows = await ask<{ topic: string; partition: number; next: string }>(
    run.runtime,
    `select topic, partition, next_offset as next from "${schema}".watermark where topic = any($1)`,
    [topics],
  );
  return new Map(rows.map(({ topic, partition, next }) => [`${topic}/${partition}`, BigInt(next)]));
}

/** Where the reader's topics end. */
export async function endsOf({ runtime }: FaultRun, reader: Reader): Promise<Places> {
  const brokers = runtime.endpoints.kafkaBrokers.split(',');
  const admin = new Kafka({ clientId: 'faults', brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const ends: Places = new Map();
    for (const topic of READERS[reader].topics) {
      for (const { partition, high } of await admin.fetchTopicOffsets(topic)) ends.set(`${topic}/${partition}`, BigInt(high));
    }
    return ends;
  } finally {
    await admin.disconnect();
  }
}

/** Whether the reader has come to these places or beyond. */
export async function hasCome(run: FaultRun, reader: Reader, to: Places): Promise<boolean> {
  const places = await placesOf(run, reader);
  return [...to].every(([place, end]) => end === 0n || (places.get(place) ?? 0n) >= end);
}

/** Records that the reader has applied since the beginning of the log. */
export async function appliedBy(run: FaultRun, reader: Reader): Promise<number> {
  return [...(await placesOf(run, reader)).values()].reduce((sum, next) => sum + Number(next), 0);
}
