// How long an event takes: from its HTTP request to its row, and from its 2xx to its quantity change on the topic.
import { setTimeout as sleep } from 'node:timers/promises';
import { Msp, setScene } from '../../libs/testing/dist/product/index.js';
import { quantityChangesTopic } from '../../libs/contracts/dist/index.js';
import { kafkaOf } from '../fill-topic.mjs';
import { withProduct } from '../own-product.mjs';
import { percentile } from '../rounds.mjs';
import { seat } from '../seats.mjs';
import { withClient } from '../servers.mjs';

const LOOK_EVERY_MS = 4;
const GIVE_UP_MS = 120_000;

export function run({ figures, isSmall }) {
  return withProduct(async (runtime) => {
    await toRow(runtime, figures, { perSecond: 200, seconds: isSmall ? 1 : 15 });
    await toQuantityChange(runtime, figures, {
      perSecond: isSmall ? 100 : 1_000,
      seconds: isSmall ? 2 : 15,
      customers: isSmall ? 10 : 200,
    });
  });
}

/** Sends on the clock, whatever the answers take: a slow answer must not slow the offer down. */
async function offered({ perSecond, seconds }, send) {
  const total = perSecond * seconds;
  const beganMs = performance.now();
  const sent = [];
  for (let n = 0; n < total; n++) {
    const dueMs = beganMs + (n / perSecond) * 1000;
    if (dueMs > performance.now()) await sleep(dueMs - performance.now());
    sent.push(send(n));
  }
  return Promise.all(sent);
}

async function toRow(runtime, figures, rate) {
  const msp = await Msp.create(runtime, 'Bench rows');
  await msp.postOne(seat());
  await runtime.settled(300);
  const waiting = new Map();
  const latencies = [];
  let isSending = true;
  await withClient(runtime.endpoints.databaseUrl, async (client) => {
    const watch = async () => {
      const giveUpAt = performance.now() + rate.seconds * 1000 + GIVE_UP_MS;
      while (isSending || waiting.size > 0) {
        if (performance.now() > giveUpAt) throw new Error(`${waiting.size} events have no row`);
        await sleep(LOOK_EVERY_MS);
        if (waiting.size === 0) continue;
        const { rows } = await client.query('select event_id from billing.event where tenant_id = $1 and event_id = any($2)', [
          msp.tenantId,
          [...waiting.keys()],
        ]);
        const nowMs = performance.now();
        for (const { event_id: id } of rows) {
          latencies.push(nowMs - waiting.get(id));
          waiting.delete(id);
        }
      }
    };
    const watching = watch();
    await offered(rate, (n) => {
      const event = seat(`C${n % 40}`);
      waiting.set(event.id, performance.now());
      return msp.postOne(event);
    });
    isSending = false;
    await watching;
  });
  const p95 = percentile(latencies, 0.95);
  const detail = {
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    max: Math.max(...latencies),
    count: latencies.length,
  };
  figures.add({
    figure: 'HTTP request to row, 200 events/s, p95',
    unit: 'ms',
    product: p95,
    target: '≤ 100 ms',
    isMet: p95 <= 100,
    detail,
  });
}

async function toQuantityChange(runtime, figures, { customers, ...rate }) {
  const scene = await setScene(runtime, 'Bench changes', { customers });
  await runtime.settled(300);
  const seen = await followChanges(runtime, scene);
  const acknowledged = new Map(scene.customers.map(({ code }) => [code, []]));
  await offered(rate, async (n) => {
    const { code } = scene.customers[n % customers];
    await scene.msp.postOne({ ...seat(code), time: new Date().toISOString() });
    acknowledged.get(code).push(performance.now());
  });
  await runtime.settled(600);
  await seen.stop();
  const latencies = scene.customers.flatMap(({ code, companyId }) =>
    latenciesOf(acknowledged.get(code), seen.changes.get(String(companyId)) ?? []),
  );
  const p99 = percentile(latencies, 0.99);
  const detail = {
    p50: percentile(latencies, 0.5),
    p95: percentile(latencies, 0.95),
    max: Math.max(...latencies),
    count: latencies.length,
  };
  figures.add({
    figure: `2xx to quantity change on its topic, ${rate.perSecond} events/s offered, p99`,
    unit: 'ms',
    product: p99,
    target: '< 1,000 ms',
    isMet: p99 < 1_000 && latencies.length === rate.perSecond * rate.seconds,
    detail,
  });
}

/** The nth seat of a customer has arrived with the first change that says n or more. */
function latenciesOf(acknowledgedMs, changes) {
  return [...acknowledgedMs]
    .sort((a, b) => a - b)
    .flatMap((atMs, index) => {
      const covering = changes.find(({ quantity }) => quantity >= index + 1);
      return covering === undefined ? [] : [Math.max(0, covering.atMs - atMs)];
    });
}

async function followChanges(runtime, { connectionId }) {
  const topic = quantityChangesTopic('autotask');
  const consumer = kafkaOf(runtime.endpoints.kafkaBrokers).consumer({ groupId: `bench-${process.pid}-${Date.now()}` });
  const changes = new Map();
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      if (message.value === null) return;
      const change = JSON.parse(message.value.toString());
      if (change.connectionId !== connectionId) return;
      const account = change.account.billingIdentifier;
      const known = changes.get(account) ?? [];
      changes.set(account, known);
      known.push({ quantity: Number(change.steps.at(-1).quantity), atMs: performance.now() });
    },
  });
  return { changes, stop: () => consumer.disconnect() };
}
