// How much of the machine somebody else uses while we do nothing.
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const SAMPLE_MS = 500;
const QUIET_BELOW = 0.15;
const PATIENCE = Number(process.env.BENCH_PATIENCE_S ?? '60') * 1000;

/** Share of all cores that was busy during a short sample, 0 to 1; null where the system does not tell. */
async function busyShare() {
  const before = ticks();
  if (before === null) return null;
  await sleep(SAMPLE_MS);
  const after = ticks();
  return (after.busy - before.busy) / Math.max(1, after.all - before.all);
}

/** Waits (at most BENCH_PATIENCE_S, default 60 s) until nobody else works; tells what it saw last. Nothing of ours may run meanwhile. */
export async function quiet() {
  const until = performance.now() + PATIENCE;
  for (;;) {
    const foreign = await busyShare();
    const isBusy = foreign !== null && foreign > QUIET_BELOW;
    if (!isBusy || performance.now() > until)
      return { foreign: foreign === null ? null : Math.round(foreign * 100) / 100, isBusy };
    await sleep(1_000);
  }
}

/** The machine, for the record. */
export const machine = () => ({ cores: cpus().length, model: cpus()[0]?.model ?? '', node: process.version, load: loadavg()[0] });

function ticks() {
  try {
    const [, ...fields] = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0].trim().split(/\s+/);
    const all = fields.slice(0, 8).reduce((sum, field) => sum + Number(field), 0);
    return { all, busy: all - Number(fields[3]) - Number(fields[4]) };
  } catch {
    return null; // no /proc: the caller measures without knowing
  }
}
