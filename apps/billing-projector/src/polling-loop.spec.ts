import { silentLogger } from '@trueup/kafka';
import { describe, expect, it } from 'vitest';
import { PollingLoop } from './polling-loop.js';

describe('PollingLoop', () => {
  it('goes on after a pass that throws', async () => {
    let passes = 0;
    const pass = () => (++passes === 1 ? Promise.reject(new Error('away')) : Promise.resolve('idle' as const));
    const loop = new PollingLoop({ name: 'spec', pass, logger: silentLogger });
    await expect.poll(() => passes, { timeout: 5_000 }).toBeGreaterThan(1);
    await loop.stop();
    expect(loop.problem()).toBeNull();
  });

  it('finishes the pass under way before it stops, and rests no longer', async () => {
    const passes: string[] = [];
    const { promise, resolve } = Promise.withResolvers<'busy'>();
    const pass = async () => {
      passes.push('begun');
      const result = await promise;
      passes.push('done');
      return result;
    };
    const loop = new PollingLoop({ name: 'spec', pass, logger: silentLogger });
    const stopped = loop.stop();
    resolve('busy');
    await stopped;
    expect(passes).toEqual(['begun', 'done']);
  });
});
