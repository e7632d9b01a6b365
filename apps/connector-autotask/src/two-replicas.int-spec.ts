import { readManifest, type Connector } from '@trueup/connector-sdk';
import { Bench, MemoryLedger, openBudget } from '@trueup/connector-sdk/testing';
import { startAutotaskSandbox, type RunningSandbox } from '@trueup/psa-sandbox/testing';
import { startedRedis } from '@trueup/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { autotask } from './autotask.js';
import { golden, SandboxScene, secrets, stepsOf } from './sandbox-scene.model.js';

const LINES = 40;
const manifest = readManifest(new URL('../connector.manifest.json', import.meta.url));
const quiet = { warn: () => undefined };
let sandbox: RunningSandbox;
let scene: SandboxScene;
let stops: (() => void)[];

interface Stats {
  highestCallsInHour: number;
  refusedByThreads: number;
  threads: Record<string, { highestConcurrency: number }>;
}

beforeEach(async () => {
  stops = [];
  sandbox = await startAutotaskSandbox();
  scene = new SandboxScene(sandbox.url);
  const ids = Array.from({ length: LINES }, (_, i) => i + 1);
  await scene.admin('PUT', 'state', {
    ...golden,
    companies: ids.map((id) => ({ id, companyName: `C${id}` })),
    contracts: ids.map((id) => ({ ...golden.contracts[0], id, companyID: id })),
    contractServices: ids.map((id) => ({ id, contractID: id, serviceID: 412, units: 0 })),
  });
  await scene.admin('POST', 'faults', { kind: 'slow', ms: 15, count: 'always' });
});
afterEach(async () => {
  for (const stop of stops) stop();
  await sandbox.close();
});

/** Two processes of one connector, each with half of the lines, with nothing in common but the environment. */
async function replicas(environment: { TRUEUP_REDIS_URL?: string }, callsAnHour = 4_000): Promise<MemoryLedger[]> {
  const limited = { ...manifest, rateLimits: [{ calls: callsAnHour, perMs: 3_600_000 }] };
  const ledgers = [0, 1].map(() => new MemoryLedger({ quietMs: 250, longestMs: 1_000 }));
  const connectionId = `con_${sandbox.url.split(':').at(-1)}_${performance.now()}`;
  const benches = ledgers.map((ledger) => {
    const { budget, stop } = openBudget(limited, { ...environment, TRUEUP_REPLICAS: 2 }, quiet);
    stops.push(stop);
    const connector = autotask as unknown as Connector;
    return new Bench({ ledger, connector, manifest: limited, baseUrl: sandbox.url, secrets, budget, connectionId });
  });
  // Redis is connected to in the background.
  if (environment.TRUEUP_REDIS_URL !== undefined) await new Promise((resolve) => setTimeout(resolve, 300));
  await Promise.all(benches.map((bench, replica) => deliver(bench, replica)));
  await Promise.all(benches.map((bench) => bench.stop()));
  return ledgers;
}

async function deliver(bench: Bench, replica: number): Promise<void> {
  for (let id = 1 + replica; id <= LINES; id += 2) {
    const place = { agreementLineKey: `al_${id}`, account: { billingIdentifier: String(id) }, product: { ref: '412', sku: 'S' } };
    await bench.accept(bench.change(1, '0', { ...place, lineRef: `tu${id}`, steps: stepsOf(['2026-07-01', '2']) }));
  }
  await bench.run();
}

const stats = () => scene.admin<Stats>('GET', 'stats');
const highest = ({ threads }: Stats) => Math.max(...Object.values(threads).map((each) => each.highestConcurrency));

describe('two replicas at one PSA', () => {
  it('have at most two calls at a time at an endpoint, together', async () => {
    const { url } = (await startedRedis())!;
    await replicas({ TRUEUP_REDIS_URL: url });
    const seen = await stats();
    expect([await scene.effects(), highest(seen), seen.refusedByThreads]).toMatchObject([{ length: LINES }, 2, 0]);
  });

  it('spend the budget of an hour once, together, and tell what waits', async () => {
    const { url } = (await startedRedis())!;
    const ledgers = await replicas({ TRUEUP_REDIS_URL: url }, 50);
    const { highestCallsInHour } = await stats();
    // Zone information is free of charge at Autotask, but not in our budget.
    expect(highestCallsInHour).toBeLessThanOrEqual(50);
    expect(highestCallsInHour).toBeGreaterThanOrEqual(45);
    expect(ledgers.flatMap(({ outcomes }) => outcomes).map(({ code }) => code)).toContain('RATE_LIMITED');
  });

  it('keep to a half each while Redis is away', async () => {
    await replicas({ TRUEUP_REDIS_URL: 'redis://127.0.0.1:1' }, 50);
    const seen = await stats();
    expect(highest(seen)).toBeLessThanOrEqual(2);
    expect(seen.highestCallsInHour).toBeLessThanOrEqual(50);
  });
});
