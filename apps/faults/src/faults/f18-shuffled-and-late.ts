import { shuffled, wholeBelow } from '@trueup/testing/product';
import type { Fault, FaultRun } from '../fault.js';
import { plainTruth } from '../load/plain-truth.js';
import { PRODUCTS } from '../load/products.js';

const EVENTS = 60;
/** How many of them come at once, an hour late and a day late; the rest comes forty days late. */
const SHARES = { atOnce: 40, anHour: 7, aDay: 7 };

interface Correction {
  agreementLineKey: string;
  units: string;
  state: string;
}
interface Period {
  id: string;
  start: string;
  end: string;
}
interface Frozen {
  snapshots: string;
  counts: Map<string, number>;
}

/** Events of one period come in any order, over all partitions, some of them an hour, a day and forty days late. */
export const f18ShuffledAndLate: Fault = {
  id: 'F18',
  title: 'events come fully shuffled, and late by an hour, a day and forty days',
  mustHold:
    'the snapshot is the one of the right order; a closed period stays as it was frozen, and what it should have had is billed',
  async inject(run) {
    const { load, msp } = run.main;
    const period = await msp.api<Period>('GET', '/periods/current');
    const arriving = shuffled(run.random, await load.draw(EVENTS));
    await inPieces(run, arriving.splice(0, SHARES.atOnce));
    await run.runtime.advanceClock('PT1H');
    await inPieces(run, arriving.splice(0, SHARES.anHour));
    await run.runtime.advanceClock('P1D');
    await inPieces(run, arriving.splice(0, SHARES.aDay));
    await closeAndConfirm(run);
    const before = await frozen(run, period);
    await inPieces(run, arriving);
    await run.settled();
    run.figure('late_40d', arriving.length);
    await judge(run, period, before, await frozen(run, period));
  },
};

async function inPieces(
  { main, random }: FaultRun,
  events: readonly Parameters<typeof main.load.deliver>[0][number][],
): Promise<void> {
  for (let at = 0; at < events.length;) {
    const size = 1 + wholeBelow(random, 11);
    await main.load.deliver(events.slice(at, at + size));
    at += size;
  }
}

/** Forty days on the period is closed; what happens then confirms to the product that the PSA bills the new one. */
async function closeAndConfirm({ runtime, main, settled }: FaultRun): Promise<void> {
  await settled();
  await runtime.advanceClock('P38D');
  await settled();
  await main.load.send(14);
  await runtime.advanceClock('P2D');
  await settled();
}

async function frozen({ main: { msp } }: FaultRun, { id }: Period): Promise<Frozen> {
  const snapshots = await msp.api<{ data: { version: number; sha256: string }[] }>('GET', `/periods/${id}/snapshots`);
  const summary = await msp.api<{ data: { customerCode: string; sku: string; thisCount: string }[] }>(
    'GET',
    `/billing/${id}/summary?limit=1000`,
  );
  const counts = new Map(summary.data.map((row) => [`${row.customerCode} ${row.sku}`, Number(row.thisCount)]));
  return { snapshots: JSON.stringify(snapshots.data.map(({ version, sha256 }) => [version, sha256])), counts };
}

async function judge(run: FaultRun, period: Period, before: Frozen, after: Frozen): Promise<void> {
  run.claim('the period was frozen', before.snapshots !== '[]');
  run.claim('the frozen period has the same snapshot after the late events', before.snapshots === after.snapshots);
  run.claim('the frozen period has the same counts after the late events', isEqual(before.counts, after.counts));
  const corrections = await correctedUnits(run, period);
  const wanted = await missingUnits(run, period, before);
  run.figure('corrections', corrections.size);
  // A line whose period the PSA had not confirmed gets none: its schedule itself is put right, and the checker looks at what is billed.
  const wrong = [...corrections].filter(([line, units]) => units !== (wanted.get(line) ?? 0));
  run.claim(`corrections are what the frozen period should have had besides, unlike ${wrong.join(' ')}`, wrong.length === 0);
}

/** Corrections by customer and sku, in units for the whole period. */
async function correctedUnits({ main: { msp } }: FaultRun, { id }: Period): Promise<Map<string, number>> {
  const { data } = await msp.api<{ data: Correction[] }>('GET', `/billing/${id}/corrections?limit=1000`);
  const lines = await msp.lines();
  const units = new Map<string, number>();
  for (const { agreementLineKey, state, units: more } of data) {
    if (state === 'withdrawn') continue;
    const line = lines.find(({ deliveries }) => deliveries.some((delivery) => delivery.agreementLineKey === agreementLineKey));
    const name = `${line?.customerCode} ${line?.sku}`;
    units.set(name, (units.get(name) ?? 0) + Number(more));
  }
  return without0(units);
}

async function missingUnits({ main: { load } }: FaultRun, { end }: Period, { counts }: Frozen): Promise<Map<string, number>> {
  const truth = plainTruth(load.acknowledged, PRODUCTS, `${end}T00:00:00Z`);
  const units = new Map<string, number>();
  for (const [customer, skus] of truth) {
    for (const [sku, wanted] of skus) units.set(`${customer} ${sku}`, wanted - (counts.get(`${customer} ${sku}`) ?? 0));
  }
  return without0(units);
}

const without0 = (units: Map<string, number>): Map<string, number> => new Map([...units].filter(([, count]) => count !== 0));

const isEqual = (a: Map<string, number>, b: Map<string, number>): boolean =>
  a.size === b.size && [...a].every(([key, count]) => b.get(key) === count);
