// Events per second that ingest acknowledges, beside a bare node:http + kafkajs on the same broker.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { eventsPerSecond } from './load.mjs';
import { control, endpoints, median, newTenant, printRatio, seat, settled } from './running-product.mjs';

const ROUNDS = 5;
const topic = 'bench.bare-ingest.v1';
const shapes = [
  {
    figure: 'ingest, batches of 100, events/s',
    batch: 100,
    connections: 8,
    total: 20_000,
    contentType: 'application/cloudevents-batch+json',
  },
  {
    figure: 'ingest, single events at 64 connections, events/s',
    batch: 1,
    connections: 64,
    total: 10_000,
    contentType: 'application/cloudevents+json',
  },
];

const { Kafka, logLevel } = kafkajs;
const admin = new Kafka({ brokers: endpoints.kafkaBrokers.split(','), logLevel: logLevel.NOTHING }).admin();
await admin.connect();
await admin.createTopics({ topics: [{ topic, numPartitions: 12 }] });
const peer = fork(join(import.meta.dirname, 'peers/bare-ingest.mjs'), [endpoints.kafkaBrokers, topic]);
const port = await new Promise((resolve) => peer.once('message', resolve));

// Ingest alone: what reads behind it would share its processors, and the peer has no reader.
await control('/processes/billing-projector/0/signal', { signal: 'SIGTERM' });
for (const { figure, ...shape } of shapes) {
  const { tokens } = await newTenant('Bench ingest');
  const product = () =>
    eventsPerSecond({ ...shape, url: `${endpoints.ingestUrl}/v1/events`, token: tokens.events, makeEvent: () => seat() });
  const bare = () => eventsPerSecond({ ...shape, url: `http://127.0.0.1:${port}/`, token: 'none', makeEvent: () => seat() });
  const measured = { product: [], bare: [] };
  for (let round = -1; round < ROUNDS; round++) {
    const pair = [await product(), await bare()];
    if (round < 0) continue;
    measured.product.push(pair[0]);
    measured.bare.push(pair[1]);
  }
  printRatio(figure, median(measured.product), median(measured.bare));
}
await control('/processes/billing-projector/0/restart');
await settled();
peer.kill();
await admin.deleteTopics({ topics: [topic] });
await admin.disconnect();
