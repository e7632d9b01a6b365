// How fast something that is watched from outside gets through a known amount of work.
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuSecondsOf } from './servers.mjs';

const LOOK_EVERY_MS = 20;
const GIVE_UP_MS = 600_000;

/**
 * Events per second between the first quarter (warm by then) and the last event, and the CPU seconds per 100,000 events of each
 * process named. `done` tells how many are through; `isAlive` whether there is any hope.
 */
export async function measureProgress({ total, done, pids = {}, isAlive = () => true }) {
  const beganMs = performance.now();
  const start = await reached(Math.ceil(total / 4), done, isAlive);
  const before = cpuOf(pids);
  const end = await reached(total, done, isAlive);
  const after = cpuOf(pids);
  const events = end.count - start.count;
  // Work so small that one look saw all of it: nothing but the whole time can be told.
  if (events === 0) return { perSecond: total / ((end.atMs - beganMs) / 1000) };
  const cpuPer100k = Object.fromEntries(
    Object.keys(pids).map((name) => [name, before[name] === null ? null : round(((after[name] - before[name]) / events) * 1e5)]),
  );
  return { perSecond: events / ((end.atMs - start.atMs) / 1000), cpuPer100k };
}

const round = (value) => Math.round(value * 100) / 100;
const cpuOf = (pids) => Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuSecondsOf(pid)]));

async function reached(wanted, done, isAlive) {
  const giveUpAt = performance.now() + GIVE_UP_MS;
  for (;;) {
    const count = await done();
    const atMs = performance.now();
    if (count >= wanted) return { count, atMs };
    if (!isAlive()) throw new Error(`ended after ${count} of ${wanted}`);
    if (atMs > giveUpAt) throw new Error(`stands at ${count} of ${wanted}`);
    await sleep(LOOK_EVERY_MS);
  }
}
