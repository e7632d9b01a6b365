import { until } from '@trueup/testing/product';
import type { FaultRun } from '../fault.js';
import { plainTruth } from '../load/plain-truth.js';
import { PRODUCTS } from '../load/products.js';

const AFTER_EVERYTHING = '9999-01-01T00:00:00Z';

/**
 * Waits until the PSA bills what the sender of `main` knows must be billed; the neighbour's events may go on meanwhile, so that nothing
 * ever comes to rest. Answers whether it came to that, and after how many seconds.
 */
export async function caughtUp(run: FaultRun, withinS = 180): Promise<{ isCaughtUp: boolean; seconds: number }> {
  const from = performance.now();
  const isCaughtUp = await until(() => isBilled(run), withinS * 1000, 500);
  return { isCaughtUp, seconds: (performance.now() - from) / 1000 };
}

/** The same, for a fault that cannot go on before. */
export async function untilCaughtUp(run: FaultRun): Promise<void> {
  if (!(await caughtUp(run)).isCaughtUp) throw new Error('the PSA never billed what was acknowledged');
}

async function isBilled({ main: { load, scene, msp }, runtime }: FaultRun): Promise<boolean> {
  const truth = plainTruth(load.acknowledged, PRODUCTS, AFTER_EVERYTHING);
  const today = (await runtime.status()).now.slice(0, 10);
  for (const { code, lines } of scene.customers) {
    for (const { sku, contractServiceId } of lines) {
      const units = await msp.sandbox.unitsOn(contractServiceId, today);
      if (units !== (truth.get(code)?.get(sku) ?? 0)) return false;
    }
  }
  return true;
}
