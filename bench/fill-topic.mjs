// Events as ingest writes them, straight into the topic.
import kafkajs from 'kafkajs';
import { partitionOf, PROVISIONING_EVENTS, toEventRecord } from '../libs/contracts/dist/index.js';

const { Kafka, logLevel } = kafkajs;
const PER_SEND = 2_000;

export const TENANT = 'ten_bench';

/** A client that says nothing. */
export const kafkaOf = (brokers) => new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });

/** Writes events to the topic of provisioning events; answers how many each partition got. */
export async function fillTopic(brokers, events) {
  const producer = kafkaOf(brokers).producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const counts = new Map();
  let messages = [];
  const send = async () => {
    await producer.send({ topic: PROVISIONING_EVENTS, acks: -1, messages });
    messages = [];
  };
  for (const event of events) {
    const message = messageOf(event);
    counts.set(message.partition, (counts.get(message.partition) ?? 0) + 1);
    if (messages.push(message) === PER_SEND) await send();
  }
  if (messages.length > 0) await send();
  await producer.disconnect();
  return counts;
}

function messageOf(event) {
  const key = `${TENANT}/${event.subject}`;
  const record = toEventRecord({ tenantId: TENANT, recordedAt: new Date().toISOString(), event });
  return { key, partition: partitionOf(PROVISIONING_EVENTS, key), ...record };
}
