import { describe, expect, it } from 'vitest';
import { LocalBudget } from './local-budget.js';

describe('the budget of one process', () => {
  let nowMs = 0;
  const budget = (calls: number, share = 1) =>
    new LocalBudget({ limits: [{ calls, perMs: 60_000 }], concurrency: 2, share, nowMs: () => nowMs });

  it('never grants more than the limit in any window', async () => {
    const own = budget(10);
    const granted: number[] = [];
    for (nowMs = 0; nowMs < 300_000; nowMs += 500) if ((await own.take('a')) === 0) granted.push(nowMs);
    const most = Math.max(...granted.map((from) => granted.filter((at) => at >= from && at < from + 60_000).length));
    expect(most).toBe(10);
    expect(granted.length).toBeGreaterThan(40);
  });

  it('says how long to wait, and keeps to its share', async () => {
    nowMs = 0;
    const own = budget(4, 0.5);
    expect([await own.take('a'), await own.take('a')]).toEqual([0, 0]);
    const waitMs = await own.take('a');
    nowMs += waitMs;
    expect(await own.take('a')).toBe(0);
    expect(await own.take('b')).toBe(0);
  });

  it('grants nothing while the PSA said later', async () => {
    nowMs = 0;
    const own = budget(10);
    await own.pause('a', 5_000);
    expect(await own.take('a')).toBe(5_000);
    nowMs = 5_000;
    expect(await own.take('a')).toBe(0);
  });

  it('lets as many in as an endpoint has places', async () => {
    const own = budget(10);
    const leave = await own.enter('a', 'contracts');
    expect(await own.enter('a', 'contracts')).toBeTypeOf('function');
    expect(await own.enter('a', 'contracts')).toBeUndefined();
    expect(await own.enter('a', 'services')).toBeTypeOf('function');
    await leave!();
    expect(await own.enter('a', 'contracts')).toBeTypeOf('function');
  });
});
