import { setTimeout as wait } from 'node:timers/promises';
import { createLogger } from '@trueup/service';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector } from '../connector/connector.js';
import { HostGuard } from '../http/host-guard.js';
import { LocalBudget } from '../http/local-budget.js';
import { MemoryLedger } from '../ledger/memory-ledger.js';
import { PACE } from '../testing/ledger-under-test.js';
import { startScriptedBench, type ScriptedBench } from '../testing/scripted-bench.js';
import { scriptedConnector, scriptedManifest } from '../testing/scripted-connector.js';
import { Dispatcher } from './dispatcher.js';
import { HeldAccounts } from './held-accounts.js';
import { OpenConnections } from './open-connections.js';

const PATIENCE = { roundMs: 1_500, passMs: 400 };
const now = (): Date => new Date('2026-07-20T10:00:10.000Z');
let scripted: ScriptedBench;
let guard: HostGuard;
let dispatcher: Dispatcher | undefined;
let letGo: () => void;

/** A ledger whose database takes questions and never answers. */
class SilentLedger extends MemoryLedger {
  override dueConnections(): Promise<string[]> {
    return new Promise(() => undefined);
  }
}

beforeEach(() => (guard = new HostGuard({ hosts: [], testHosts: ['127.0.0.1'] })));
afterEach(async () => {
  letGo?.();
  await dispatcher?.stop();
  await guard.stop();
  await scripted.stop();
});

/** A running dispatcher of one connection with one due line. */
async function started(ledger: MemoryLedger, more: Partial<Connector> = {}): Promise<Dispatcher> {
  scripted = await startScriptedBench(ledger);
  await scripted.bench.accept(scripted.bench.change(1, '3'));
  const connector = { ...scriptedConnector, ...more } as Connector;
  const budget = new LocalBudget({ limits: [], concurrency: 4, share: 1, nowMs: () => performance.now() });
  const connections = new OpenConnections({ connector, manifest: scriptedManifest, guard, budget, now });
  const settings = { find: () => scripted.bench.connection, isFresh: () => true, hurry: () => undefined };
  const place = {
    ledger,
    connector,
    settings,
    logger: createLogger('spec', 'fatal'),
    now,
    held: new HeldAccounts(),
    isAlive: () => true,
    wait: () => wait(1),
  };
  dispatcher = new Dispatcher({ place, connections, owner: 'spec', restMs: 20, patience: PATIENCE });
  dispatcher.start();
  return dispatcher;
}

describe('the life of a dispatcher', () => {
  it('goes on while its database does not answer: that is no reason to start it again', async () => {
    const running = await started(new SilentLedger(PACE));
    await wait(PATIENCE.roundMs * 2);
    expect(running.problemOfLife()).toBeNull();
  });

  it('ends when a delivery does not get on', async () => {
    const stuck = new Promise<never>((_, reject) => (letGo = () => reject(new Error('let go'))));
    const running = await started(new MemoryLedger(PACE), { locate: () => stuck });
    while (running.passes === 0) await wait(5);
    await wait(PATIENCE.passMs + 50);
    expect(running.problemOfLife()).toBe('a delivery does not get on');
  });

  it('goes on when all is delivered', async () => {
    const ledger = new MemoryLedger(PACE);
    const running = await started(ledger);
    while (ledger.outcomes.length === 0) await wait(5);
    await wait(PATIENCE.passMs + 50);
    expect([running.problemOfLife(), ledger.outcomes.map((each) => each.kind)]).toEqual([null, ['delivered']]);
  });
});
