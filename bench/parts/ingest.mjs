// Events per second that ingest acknowledges, beside a bare node:http + kafkajs on the same broker.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Msp } from '../../libs/testing/dist/product/index.js';
import { kafkaOf } from '../fill-topic.mjs';
import { eventsPerSecond } from '../load.mjs';
import { withProduct } from '../own-product.mjs';
import { inTurns } from '../rounds.mjs';
import { seat } from '../seats.mjs';
import { cpuSecondsOf } from '../servers.mjs';

const TOPIC = 'bench.bare-ingest.v1';
const SHAPES = [
  {
    what: 'single events, 64 connections',
    least: 0.6,
    batch: 1,
    connections: 64,
    total: 10_000,
    type: 'application/cloudevents+json',
  },
  { what: 'batches of 100', least: 0.5, batch: 100, connections: 8, total: 30_000, type: 'application/cloudevents-batch+json' },
];

export function run({ figures, isSmall, rounds }) {
  return withProduct(async (runtime) => {
    const { endpoints } = runtime;
    const admin = kafkaOf(endpoints.kafkaBrokers).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 12 }] });
    const peer = fork(join(import.meta.dirname, '../peers/bare-ingest.mjs'), [endpoints.kafkaBrokers, TOPIC]);
    const [port] = await once(peer, 'message');
    // Ingest alone: what reads behind it would share its processors, and the peer has no reader.
    await runtime.signal('billing-projector', 'SIGTERM');
    const pids = { product: endpoints.pids.ingest[0], peer: peer.pid };
    for (const shape of SHAPES)
      await measure({ figures, rounds, pids, shape: { ...shape, total: isSmall ? 400 : shape.total } }, runtime, port);
    peer.kill();
    await admin.disconnect();
  });
}

async function measure({ figures, rounds, pids, shape }, runtime, port) {
  const { tokens } = await Msp.create(runtime, `Bench ${shape.what}`);
  const { what, least, type: contentType, total } = shape;
  const load = async (pid, url, token) => {
    const before = cpuSecondsOf(pid);
    const perSecond = await eventsPerSecond({ ...shape, contentType, url, token, makeEvent: () => seat() });
    return { perSecond, cpuPer100k: { node: Math.round(((cpuSecondsOf(pid) - before) / total) * 1e7) / 100 } };
  };
  const contestants = {
    product: () => load(pids.product, `${runtime.endpoints.ingestUrl}/v1/events`, tokens.events),
    peer: () => load(pids.peer, `http://127.0.0.1:${port}/`, 'none'),
  };
  const { product, peer } = await inTurns(contestants, { rounds });
  const ratio = product.median / peer.median;
  figures.add({
    figure: `ingest, ${what}`,
    unit: 'events/s',
    product: product.median,
    peer: peer.median,
    peerName: 'bare node:http + kafkajs',
    ratio,
    target: `≥ ${least}`,
    isMet: ratio >= least,
    detail: { product: product.rounds, peer: peer.rounds },
  });
}
