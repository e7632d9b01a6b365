// Events per second from the topic to rows, targets and outbox, catching up in chunks of 500, beside a bare kafkajs + unnest + inbox.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { eventsPerSecond } from './load.mjs';
import { control, endpoints, median, newTenant, printRatio, seat, settled } from './running-product.mjs';

const ROUNDS = 5;
const COUNT = 20_000;
const TOPIC = 'provisioning.events.v1';
const { Kafka, logLevel } = kafkajs;
const admin = new Kafka({ brokers: endpoints.kafkaBrokers.split(','), logLevel: logLevel.NOTHING }).admin();
await admin.connect();

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const measured = { product: [], bare: [] };
for (let round = -1; round < ROUNDS; round++) {
  await settled();
  const startOffsets = (await admin.fetchTopicOffsets(TOPIC)).map(({ partition, high }) => ({ partition, offset: high }));
  await control('/processes/billing-projector/0/signal', { signal: 'SIGTERM' });
  const { tokens } = await newTenant('Bench projector');
  const load = {
    batch: 500,
    connections: 2,
    total: COUNT,
    contentType: 'application/cloudevents-batch+json',
    makeEvent: () => seat(),
  };
  await eventsPerSecond({ ...load, url: `${endpoints.ingestUrl}/v1/events`, token: tokens.events });
  const product = await caughtUp();
  await settled();
  const bare = await peer(startOffsets);
  if (round < 0) continue;
  measured.product.push(product);
  measured.bare.push(bare);
}
printRatio('projector, catching up in chunks of 500, events/s', median(measured.product), median(measured.bare));
await admin.disconnect();

async function caughtUp() {
  await control('/processes/billing-projector/0/restart');
  let last = COUNT;
  let startedAt = 0;
  for (;;) {
    const lag = await lagOfProjector();
    if (lag !== undefined && lag < COUNT && startedAt === 0) {
      startedAt = performance.now();
      last = lag;
      continue;
    }
    if (lag === 0) return last / ((performance.now() - startedAt) / 1000);
    await wait(5);
  }
}

async function lagOfProjector() {
  const port = endpoints.adminPorts['billing-projector'][0];
  const answer = await fetch(`http://127.0.0.1:${port}/inflight`).catch(() => undefined); // not up yet
  if (answer === undefined) return undefined;
  const { inFlight } = await answer.json();
  const unknown = inFlight.some((entry) => entry.detail?.startsWith('unknown'));
  return unknown
    ? undefined
    : inFlight.filter((entry) => entry.what.endsWith('not yet applied')).reduce((sum, entry) => sum + entry.count, 0);
}

function peer(startOffsets) {
  const work = {
    brokers: endpoints.kafkaBrokers,
    databaseUrl: endpoints.databaseUrl,
    topic: TOPIC,
    startOffsets,
    count: COUNT,
    chunk: 500,
  };
  const child = fork(join(import.meta.dirname, 'peers/bare-projector.mjs'), [JSON.stringify(work)]);
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => code !== 0 && reject(new Error(`the peer ended with ${code}`)));
  });
}
