import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '@trueup/service';
import { LEASE_MS } from '../ledger/ledger.js';
import { Heartbeat } from './heartbeat.js';

let beats: PromiseWithResolvers<void>[];
let heartbeat: Heartbeat;

/** The ledger takes the latest beat. */
const beatArrives = async (): Promise<void> => {
  beats.at(-1)!.resolve();
  await vi.advanceTimersByTimeAsync(0);
};

beforeEach(() => {
  vi.useFakeTimers();
  beats = [];
  const ledger = { heartbeat: () => (beats.push(Promise.withResolvers<void>()), beats.at(-1)!.promise) };
  heartbeat = new Heartbeat(ledger, 'spec', createLogger('spec', 'fatal'));
  void heartbeat.start();
});
afterEach(() => {
  heartbeat.stop();
  vi.useRealTimers();
});

describe('a heartbeat', () => {
  it('vouches for nothing before the first beat has arrived', async () => {
    const before = performance.now();
    const isVouched = heartbeat.isAlive(before);
    await beatArrives();
    expect([isVouched, heartbeat.isAlive(performance.now())]).toEqual([false, true]);
  });

  it('vouches for what was proved long ago as long as it beats', async () => {
    await beatArrives();
    const provedAtMs = performance.now();
    for (let second = 0; second < 20; second++) {
      await vi.advanceTimersByTimeAsync(1_000);
      await beatArrives();
    }
    expect(heartbeat.isAlive(provedAtMs)).toBe(true);
  });

  it('vouches for nothing once it was silent for a while', async () => {
    await beatArrives();
    const provedAtMs = performance.now();
    await vi.advanceTimersByTimeAsync(LEASE_MS);
    expect(heartbeat.isAlive(provedAtMs)).toBe(false);
  });

  it('does not vouch for what was proved before a silence in which others may have taken over', async () => {
    await beatArrives();
    const provedAtMs = performance.now();
    await vi.advanceTimersByTimeAsync(LEASE_MS + 1_000);
    await beatArrives(); // begun in time, arrived too late
    await vi.advanceTimersByTimeAsync(1_000);
    await beatArrives();
    expect([heartbeat.isAlive(provedAtMs), heartbeat.isAlive(performance.now())]).toEqual([false, true]);
  });
});
