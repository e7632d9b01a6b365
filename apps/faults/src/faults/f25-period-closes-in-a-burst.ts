import { setTimeout as wait } from 'node:timers/promises';
import type { Fault, FaultRun } from '../fault.js';
import { untilCaughtUp } from '../infra/caught-up.js';
import { plainTruth } from '../load/plain-truth.js';
import { PRODUCTS } from '../load/products.js';
import { until } from '../psa/until.js';
import { shuffled } from '../load/seeded-random.js';

const BURST = 60;
const BEFORE_THE_CUT_MS = 3_000;
const PIECE = 6;

interface Period {
  id: string;
  start: string;
  end: string;
  state: string;
}

const periods = new WeakMap<FaultRun, Period>();

/** The cut of a period falls into a burst of events, while the process that applies them lags behind. */
export const f25PeriodClosesInABurst: Fault = {
  id: 'F25',
  title: 'a period closes in the middle of a burst, while the projector lags',
  mustHold: 'frozen figures and corrections together are exactly what was held at the cut',
  async inject(run) {
    const { runtime, main } = run;
    const period = await main.msp.api<Period>('GET', '/periods/current');
    periods.set(run, period);
    await main.load.send(BURST);
    await untilCaughtUp(run);
    await untilTheCut(run, period);
    const burst = shuffled(run.random, await main.load.draw(BURST));
    const inTime = burst.slice(0, BURST / 2);
    await deliver(run, inTime.slice(0, BURST / 4));
    await runtime.signal('billing-projector', 'SIGSTOP');
    await deliver(run, inTime.slice(BURST / 4));
    await runtime.advanceClock('PT1H1M');
    await deliver(run, burst.slice(BURST / 2, (BURST * 3) / 4));
    await wait(run.random() * 2_000);
    await runtime.signal('billing-projector', 'SIGCONT');
    await runtime.advanceClock('PT1M'); // a frozen process did not hear of the hour
    await until(() => isClosed(run, period), 120_000);
    await deliver(run, burst.slice((BURST * 3) / 4));
  },
  afterwards: (run) => judge(run, periods.get(run)!),
};

async function untilTheCut({ runtime }: FaultRun, { end }: Period): Promise<void> {
  const leftMs = Date.parse(`${end}T00:00:00Z`) - Date.parse((await runtime.status()).now) - BEFORE_THE_CUT_MS;
  await runtime.advanceClock(`PT${Math.max(0, Math.floor(leftMs / 1000))}S`);
}

async function deliver({ main: { load } }: FaultRun, events: Parameters<typeof load.deliver>[0]): Promise<void> {
  for (let at = 0; at < events.length; at += PIECE) await load.deliver(events.slice(at, at + PIECE));
}

async function isClosed({ main: { msp } }: FaultRun, { id }: Period): Promise<boolean> {
  return (await msp.api<Period>('GET', `/periods/${id}`)).state === 'closed';
}

async function judge(run: FaultRun, period: Period): Promise<void> {
  const { load } = run.main;
  run.claim('the period is closed', await isClosed(run, period));
  const { frozen, corrected } = { frozen: await frozenUnits(run, period), corrected: await correctedUnits(run, period) };
  const truth = [...plainTruth(load.acknowledged, PRODUCTS, `${period.end}T00:00:00Z`)].flatMap(([customer, skus]) =>
    [...skus].map(([sku, units]) => [`${customer} ${sku}`, units] as const),
  );
  run.figure('frozen_units', sum(frozen));
  run.figure('corrected_units', sum(corrected));
  const wrong = truth
    .map(([key, units]) => ({ key, units, is: (frozen.get(key) ?? 0) + (corrected.get(key) ?? 0) }))
    .filter(({ units, is }) => units !== is)
    .map(({ key, units, is }) => `${key}: ${is} instead of ${units}`);
  run.claim(`frozen and corrected units together are the truth (${wrong.join(', ')})`, wrong.length === 0);
}

async function frozenUnits({ main: { msp } }: FaultRun, { id }: Period): Promise<Map<string, number>> {
  const { data } = await msp.api<{ data: { customerCode: string; sku: string; thisCount: string }[] }>(
    'GET',
    `/billing/${id}/summary?limit=1000`,
  );
  return added(data.map(({ customerCode, sku, thisCount }) => [`${customerCode} ${sku}`, Number(thisCount)]));
}

/** Corrections that stand, by customer and sku. */
async function correctedUnits({ main: { msp } }: FaultRun, { id }: Period): Promise<Map<string, number>> {
  const { data } = await msp.api<{ data: { agreementLineKey: string; state: string; units: string }[] }>(
    'GET',
    `/billing/${id}/corrections?limit=1000`,
  );
  const lines = await msp.lines();
  const nameOf = (key: string): string => {
    const line = lines.find(({ deliveries }) => deliveries.some(({ agreementLineKey }) => agreementLineKey === key));
    return `${line?.customerCode} ${line?.sku}`;
  };
  return added(data.filter(({ state }) => state !== 'withdrawn').map((one) => [nameOf(one.agreementLineKey), Number(one.units)]));
}

function added(pairs: readonly (readonly [string, number])[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [key, units] of pairs) sums.set(key, (sums.get(key) ?? 0) + units);
  return sums;
}

const sum = (units: ReadonlyMap<string, number>): number => [...units.values()].reduce((all, one) => all + one, 0);
