import { shuffled, until } from '@trueup/testing/product';
import { setTimeout as wait } from 'node:timers/promises';
import type { Fault, FaultRun } from '../fault.js';
import { untilCaughtUp } from '../infra/caught-up.js';
import { plainTruth } from '../load/plain-truth.js';
import { PRODUCTS } from '../load/products.js';

const BURST = 60;
const BEFORE_THE_CUT_MS = 3_000;
const PIECE = 6;

interface Period {
  id: string;
  start: string;
  end: string;
  state: string;
}

/** The period of a run, and its figures as they were sealed. */
const sealings = new WeakMap<FaultRun, { period: Period; sealed: ReadonlyMap<string, number> }>();

/** The cut of a period falls into a burst of events, while the process that applies them lags behind. */
export const f25PeriodClosesInABurst: Fault = {
  id: 'F25',
  title: 'a period closes in the middle of a burst, while the projector lags',
  mustHold: 'the sealed figures stay; what the PSA bills for the period is exactly what was held at the cut, late units included',
  async inject(run) {
    const { runtime, main } = run;
    const period = await main.msp.api<Period>('GET', '/periods/current');
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
    sealings.set(run, { period, sealed: await frozenUnits(run, period) });
    await deliver(run, burst.slice((BURST * 3) / 4));
  },
  afterwards: judge,
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

/** That the PSA bills the truth is the checker's part. */
async function judge(run: FaultRun): Promise<void> {
  const { period, sealed } = sealings.get(run)!;
  run.claim('the period is closed', await isClosed(run, period));
  const frozen = await frozenUnits(run, period);
  run.claim('what came late did not change the sealed figures', JSON.stringify([...frozen]) === JSON.stringify([...sealed]));
  const held = plainTruth(run.main.load.acknowledged, PRODUCTS, `${period.end}T00:00:00Z`);
  run.figure('sealed_units', sum(frozen));
  run.figure(
    'held_units',
    [...held.values()].reduce((all, skus) => all + sum(skus), 0),
  );
}

async function frozenUnits({ main: { msp } }: FaultRun, { id }: Period): Promise<Map<string, number>> {
  const { data } = await msp.api<{ data: { customerCode: string; sku: string; thisCount: string }[] }>(
    'GET',
    `/billing/${id}/summary?limit=1000`,
  );
  return added(data.map(({ customerCode, sku, thisCount }) => [`${customerCode} ${sku}`, Number(thisCount)]));
}

function added(pairs: readonly (readonly [string, number])[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [key, units] of pairs) sums.set(key, (sums.get(key) ?? 0) + units);
  return sums;
}

const sum = (units: ReadonlyMap<string, number>): number => [...units.values()].reduce((all, one) => all + one, 0);
