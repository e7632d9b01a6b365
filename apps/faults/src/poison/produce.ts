import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { PROVISIONING_EVENTS } from '@trueup/contracts';
import type { Poison } from './poison-records.js';

/** Writes records straight into the event log, past ingest. Answers whether the broker took them. */
export async function produce(brokers: string, records: readonly Poison[]): Promise<boolean> {
  const kafka = new Kafka({
    clientId: 'faults-poison',
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
    retry: { retries: 2 },
  });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  try {
    const messages = records.map(({ key, headers, value }) => ({ key, headers, value }));
    await producer.send({ topic: PROVISIONING_EVENTS, messages, acks: -1 });
    return true;
  } catch {
    return false; // too large for the broker: refused is as good as set aside
  } finally {
    await producer.disconnect();
  }
}
