import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConnectionsOfOneHost, startScriptedPsa } from '../testing/connections-of-one-host.js';
import type { ScriptedBench } from '../testing/scripted-bench.js';

const REST_MS = 150;
let scripted: ScriptedBench;
let process: ConnectionsOfOneHost;

beforeEach(async () => {
  scripted = await startScriptedPsa();
  process = new ConnectionsOfOneHost(scripted, ['con_1', 'con_2', 'con_3', 'con_4'], { restMs: REST_MS });
});
afterEach(async () => {
  await process.stop();
  await scripted.stop();
});

const calls = () => scripted.psa.calls.length;
const failing = (count: number) => scripted.psa.failReads(...Array.from({ length: count }, () => 'error-500' as const));

/** Three connections meet five failures each, which opens their breakers and that of the host. */
async function bringDown(): Promise<void> {
  failing(15);
  for (const open of process.opens.slice(0, 3)) for (let i = 0; i < 5; i++) await process.read(open);
}

describe('a PSA host that fails for several connections', () => {
  it('is left alone by a connection that has met no failure itself', async () => {
    await bringDown();
    expect([await process.read(process.opens[3]!), calls()]).toEqual(['breaker-open', 15]);
    expect(process.opens[3]!.restLeftMs).toBeGreaterThan(0);
  });

  it('is probed by one read of all of them together, and rests again when it fails', async () => {
    await bringDown();
    failing(1);
    await wait(REST_MS + 50);
    await Promise.all(process.opens.map((open) => process.read(open)));
    await Promise.all(process.opens.map((open) => process.read(open)));
    expect(calls()).toBe(16);
  });

  it('is written to by none before a read has found it well', async () => {
    await bringDown();
    await wait(REST_MS + 50);
    const write = { method: 'POST' as const, path: 'adjust', body: {} };
    expect(process.opens.map((open) => open.mayWrite)).toEqual([false, false, false, true]);
    for (const open of process.opens) await expect(open.write(write)).rejects.toMatchObject({ fault: 'breaker-open' });
    for (const open of process.opens) expect(await process.read(open)).toBe('ok');
    expect([process.opens.map((open) => open.mayWrite), scripted.psa.effects]).toEqual([[true, true, true, true], []]);
  });

  it('does not stop a connection to another host', async () => {
    const other = await startScriptedPsa();
    const elsewhere = new ConnectionsOfOneHost(other, ['con_9'], { restMs: REST_MS });
    await bringDown();
    expect(await elsewhere.read(elsewhere.opens[0]!)).toBe('ok');
    await elsewhere.stop();
    await other.stop();
  });
});
