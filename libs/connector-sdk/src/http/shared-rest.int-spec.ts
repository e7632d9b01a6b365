import { setTimeout as wait } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { startedRedis } from '@trueup/testing';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConnectionsOfOneHost, startScriptedPsa } from '../testing/connections-of-one-host.js';
import type { ScriptedBench } from '../testing/scripted-bench.js';
import { RedisRest } from './shared-rest.js';
import { clientOf } from './redis-client.fixture.js';

const REST_MS = 1_500;
let redis: Redis[];
let scripted: ScriptedBench;
let id: string;
let one: ConnectionsOfOneHost;
let other: ConnectionsOfOneHost;

beforeAll(async () => {
  const { url } = (await startedRedis())!;
  redis = [0, 1].map(() => clientOf(url));
  await Promise.all(redis.map((client) => new Promise((resolve) => client.once('ready', resolve))));
});
afterAll(() => redis.forEach((client) => client.disconnect()));

beforeEach(async () => {
  scripted = await startScriptedPsa();
  id = `con_${randomUUID()}`;
  const [first, second] = redis.map((client) => new RedisRest(client, { kind: 'spec', onFallback: () => undefined }));
  one = new ConnectionsOfOneHost(scripted, [id], { restMs: REST_MS, rest: first! });
  other = new ConnectionsOfOneHost(scripted, [id], { restMs: REST_MS, rest: second! });
});
afterEach(async () => {
  await one.stop();
  await other.stop();
  await scripted.stop();
});

const keyOf = () => `trueup:spec:rest:${id}`;

async function openFirst(): Promise<void> {
  scripted.psa.failReads(...Array.from({ length: 5 }, () => 'error-500' as const));
  for (let i = 0; i < 5; i++) await one.read(one.opens[0]!);
  // The hint is sent, not waited for.
  while ((await redis[0]!.exists(keyOf())) === 0) await wait(5);
}

describe('an open breaker that replicas share', () => {
  it('keeps the other replica from calling, and from writing before it has read', async () => {
    await openFirst();
    const [open] = other.opens;
    expect([await other.read(open!), open!.restLeftMs > 0, open!.mayWrite]).toEqual(['breaker-open', true, false]);
    await wait(REST_MS + 100);
    expect([open!.mayWrite, await other.read(open!), open!.mayWrite]).toEqual([false, 'ok', true]);
    expect(scripted.psa.calls).toHaveLength(6);
  });

  it('does not stop a replica that has met a well PSA a moment ago: one bad node must not trip all', async () => {
    const [open] = other.opens;
    await other.read(open!);
    await openFirst();
    expect(await other.read(open!)).toBe('ok');
  });

  it('is a hint: losing it loses nothing', async () => {
    await openFirst();
    await redis[0]!.del(keyOf());
    expect([await one.read(one.opens[0]!), await other.read(other.opens[0]!)]).toEqual(['breaker-open', 'ok']);
  });

  it('is over for all when the PSA is well again', async () => {
    await openFirst();
    await wait(REST_MS + 100);
    await one.read(one.opens[0]!);
    expect([await other.read(other.opens[0]!), other.opens[0]!.mayWrite]).toEqual(['ok', true]);
  });

  it('is told to nobody when Redis cannot be asked', async () => {
    const away = clientOf('redis://127.0.0.1:1');
    const rest = new RedisRest(away, { kind: 'spec', onFallback: () => undefined });
    await rest.begin('a', 1_000);
    expect(await rest.leftMs(['a'])).toBe(0);
    away.disconnect();
  });
});
