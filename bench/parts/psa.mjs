// From the 2xx of an event to its write in a PSA that answers in 50 ms: alone, and while another tenant's PSA is down.
import { setTimeout as sleep } from 'node:timers/promises';
import { setScene } from '../../libs/testing/dist/product/index.js';
import { withProduct } from '../own-product.mjs';
import { percentile } from '../rounds.mjs';
import { seat } from '../seats.mjs';

const PSA_ANSWERS_IN_MS = 50;
const SPACING_MS = 100;

export function run({ figures, isSmall }) {
  const count = isSmall ? 5 : 100;
  return withProduct(async (runtime) => {
    await measure(runtime, figures, { count, what: 'PSA answering in 50 ms', mostMs: 2_000 });
    await tenantWithDeadPsa(runtime, isSmall ? 2 : 20);
    await measure(runtime, figures, { count, what: "while another tenant's PSA is down", mostMs: 5_000 });
  });
}

async function measure(runtime, figures, { count, what, mostMs }) {
  // One customer per event, so that nothing coalesces.
  const scene = await setScene(runtime, `Bench ${what}`, { customers: count });
  const { sandbox } = scene.msp;
  await sandbox.fault({ match: {}, kind: 'slow', ms: PSA_ANSWERS_IN_MS, count: 'always' });
  await sleep(2_000);
  const since = await sandbox.lastSeq();
  const acknowledged = new Map();
  for (const { code, companyId } of scene.customers) {
    await scene.msp.postOne({ ...seat(code), time: new Date().toISOString() });
    acknowledged.set(companyId, Date.now());
    await sleep(SPACING_MS);
  }
  const effects = await written(sandbox, since, acknowledged);
  await sandbox.clearFaults();
  const latencies = effects.map(({ at, body }) => Date.parse(at) - acknowledged.get(body.contractID));
  const p95 = percentile(latencies, 0.95);
  figures.add({
    figure: `2xx to PSA write, ${what}, p95`,
    unit: 'ms',
    product: p95,
    target: `< ${mostMs} ms`,
    isMet: p95 < mostMs && latencies.length === count,
    detail: { p50: percentile(latencies, 0.5), max: Math.max(...latencies), writes: latencies.length, of: count },
  });
}

async function written(sandbox, since, wanted) {
  const giveUpAt = performance.now() + 120_000;
  for (;;) {
    const effects = (await sandbox.effects(since)).filter(({ body }) => wanted.has(body.contractID));
    if (effects.length >= wanted.size || performance.now() > giveUpAt) return effects;
    await sleep(250);
  }
}

/** A tenant with work to do whose PSA answers 503 to every call about its customers. */
async function tenantWithDeadPsa(runtime, customers) {
  const scene = await setScene(runtime, 'Bench dead PSA', { customers });
  for (const { companyId } of scene.customers) {
    await scene.msp.sandbox.fault({
      match: { path: '.', body: String(companyId) },
      kind: 'gateway-error',
      status: 503,
      effect: false,
      count: 'always',
    });
  }
  await scene.msp.post(scene.customers.map(({ code }) => ({ ...seat(code), time: new Date().toISOString() })));
  await sleep(3_000);
}
