import { randomUUID } from 'node:crypto';
import { startedRedis } from '@trueup/testing';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalBudget } from './local-budget.js';
import { RedisBudget } from './redis-budget.js';
import { clientOf } from './redis-client.fixture.js';

const limits = [{ calls: 6, perMs: 60_000 }];
let clients: Redis[] = [];

beforeAll(async () => {
  const redis = await startedRedis();
  if (redis === null) throw new Error('this suite needs Redis');
  clients = [0, 1].map(() => clientOf(redis.url));
  await Promise.all(clients.map((client) => new Promise((resolve) => client.once('ready', resolve))));
});
afterAll(() => clients.forEach((client) => client.disconnect()));

const budgetOf = (client: Redis): RedisBudget => {
  const local = new LocalBudget({ limits, concurrency: 2, share: 0.5, nowMs: () => performance.now() });
  return new RedisBudget(client, { kind: 'spec', limits, concurrency: 2, local, onFallback: () => undefined });
};

describe('the budget that replicas share', () => {
  it('grants the limit once, not once per replica', async () => {
    const id = randomUUID();
    const budgets = clients.map(budgetOf);
    const waits = await Promise.all(Array.from({ length: 20 }, (_, i) => budgets[i % 2]!.take(id)));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(6);
    expect(Math.max(...waits)).toBeGreaterThan(30_000);
  });

  it('tells what is left to every replica, and takes nothing by telling', async () => {
    const id = randomUUID();
    const budgets = clients.map(budgetOf);
    for (let i = 0; i < 4; i++) await budgets[0]!.take(id);
    expect(await Promise.all(budgets.map((budget) => budget.left(id)))).toEqual(
      Array.from({ length: 2 }, () => [{ perMs: 60_000, calls: 2 }]),
    );
    expect(await budgets[1]!.left(id)).toEqual([{ perMs: 60_000, calls: 2 }]);
  });

  it('shares places and pauses', async () => {
    const id = randomUUID();
    const [one, other] = clients.map(budgetOf) as [RedisBudget, RedisBudget];
    const leave = await one.enter(id, 'contracts', 10_000);
    await other.enter(id, 'contracts', 10_000);
    expect(await other.enter(id, 'contracts', 10_000)).toBeUndefined();
    await leave!();
    expect(await other.enter(id, 'contracts', 10_000)).toBeTypeOf('function');
    await one.pause(id, 20_000);
    expect(await other.take(id)).toBeGreaterThan(10_000);
  });

  it('exceeds the limit in no window, whichever replica asks', async () => {
    const id = randomUUID();
    const tight = [{ calls: 10, perMs: 1_200 }];
    const fallbacks: unknown[] = [];
    const budgets = clients.map((client) => {
      const local = new LocalBudget({ limits: tight, concurrency: 2, share: 0.5, nowMs: () => performance.now() });
      return new RedisBudget(client, {
        kind: 'spec',
        limits: tight,
        concurrency: 2,
        local,
        onFallback: (e) => fallbacks.push(e),
      });
    });
    const granted: { asked: number; answered: number }[] = [];
    const ask = async (budget: RedisBudget): Promise<void> => {
      for (const until = performance.now() + 5_000; performance.now() < until;) {
        const asked = performance.now();
        const waitMs = await budget.take(id);
        if (waitMs === 0) granted.push({ asked, answered: performance.now() });
        else await new Promise((resolve) => setTimeout(resolve, Math.min(waitMs, 20)));
      }
    };
    await Promise.all([...budgets, ...budgets].map(ask));
    // A call was granted between question and answer: only what lies wholly within a window is surely in it.
    const inWindow = (from: number) => granted.filter(({ asked, answered }) => asked >= from && answered < from + 1_200).length;
    expect(Math.max(...granted.map(({ asked }) => inWindow(asked)))).toBeLessThanOrEqual(10);
    expect(fallbacks).toEqual([]);
    expect(granted.length).toBeGreaterThanOrEqual(20);
  });

  it('grants the limit once although Redis forgets everything in between', async () => {
    const id = randomUUID();
    const budgets = clients.map(budgetOf);
    for (let i = 0; i < 4; i++) expect(await budgets[i % 2]!.take(id)).toBe(0);
    expect(await clients[0]!.del(`trueup:spec:calls:${id}:60000`)).toBe(1);

    const waits: number[] = [];
    for (let i = 0; i < 10; i++) waits.push(await budgets[i % 2]!.take(id));

    expect(waits.filter((wait) => wait === 0)).toHaveLength(2);
    expect(await budgets[0]!.left(id)).toEqual([{ perMs: 60_000, calls: 0 }]);
  });

  it('remembers what it has spent when Redis goes away', async () => {
    const client = clientOf((await startedRedis())!.url);
    await new Promise((resolve) => client.once('ready', resolve));
    const budget = budgetOf(client);
    const id = randomUUID();
    for (let i = 0; i < 3; i++) expect(await budget.take(id)).toBe(0);
    client.disconnect();
    expect(await budget.take(id)).toBeGreaterThan(10_000);
  });

  it('keeps to its own share while Redis is away', async () => {
    const away = clientOf('redis://127.0.0.1:1');
    const budget = budgetOf(away);
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) waits.push(await budget.take('a'));
    away.disconnect();
    expect(waits.filter((wait) => wait === 0)).toHaveLength(3);
    expect(await budget.enter('a', 'contracts', 1_000)).toBeTypeOf('function');
    expect(await budget.enter('a', 'contracts', 1_000)).toBeUndefined();
  });
});
