import { type Runtime, seededRandom, UnexpectedAnswer } from '@trueup/testing/product';
import type { History } from '../check/history.js';
import type { Fault, FaultRun } from '../fault.js';
import { observe } from '../observe/observe.js';
import { bringBack } from './bring-back.js';
import type { FaultNotes } from './fault-notes.js';
import { NeighbourFlow } from './neighbour-flow.js';
import { type TenantOnStage, tenantOnStage } from './tenant-on-stage.js';

const WARM_UP_EVENTS = 14;
const LAST_EVENTS = 7;
const NEIGHBOUR_EVENTS_PER_SECOND = 3;
const SETTLED_WITHIN_SECONDS = 300;
const SETTLED_IN_BETWEEN_SECONDS = 180;

/** What is to happen: one fault, or several one after the other. */
export interface Attempt {
  ids: string;
  seed: number;
  notes: FaultNotes;
  runtime: Runtime;
  faults: readonly Fault[];
}

/** Two new tenants, warm-up, the faults, coming back, silence, and a look at everything. */
export async function carryOut(attempt: Attempt): Promise<{ history: History; recoveryMs: number | null }> {
  const { runtime, faults } = attempt;
  const { run, tenants, flow } = await onStage(attempt);
  await Promise.all(tenants.map(({ load }) => load.send(WARM_UP_EVENTS)));
  flow.start();
  try {
    for (const fault of faults) await fault.inject(run);
  } finally {
    await bringBack(runtime, run.main.msp.sandbox);
    await flow.stop();
  }
  const recoveryMs = await recovered(attempt, tenants);
  for (const fault of faults) await fault.afterwards?.(run);
  const history = await observe(runtime, tenants);
  return { history, recoveryMs };
}

async function onStage({
  ids,
  seed,
  notes,
  runtime,
}: Attempt): Promise<{ run: FaultRun; tenants: TenantOnStage[]; flow: NeighbourFlow }> {
  const random = seededRandom(seed, ids);
  const named = { name: `${ids}-${seed}`, seed, random };
  const main = await tenantOnStage(runtime, 'main', named);
  const neighbour = await tenantOnStage(runtime, 'neighbour', named);
  const flow = new NeighbourFlow(neighbour.load, NEIGHBOUR_EVENTS_PER_SECOND);
  const settled = (seconds = SETTLED_IN_BETWEEN_SECONDS): Promise<void> => flow.paused(() => runtime.settled(seconds));
  return { run: { seed, random, runtime, main, neighbour, settled, ...notes.asPartOfRun() }, tenants: [main, neighbour], flow };
}

/** Milliseconds until nothing was in flight, a few more events included; null when that took too long, which fails the run. */
async function recovered({ runtime, notes }: Attempt, tenants: readonly TenantOnStage[]): Promise<number | null> {
  const endedAt = performance.now();
  await Promise.all(tenants.map(({ load }) => load.send(LAST_EVENTS)));
  try {
    await runtime.settled(SETTLED_WITHIN_SECONDS);
    return performance.now() - endedAt;
  } catch (error) {
    if (!(error instanceof UnexpectedAnswer)) throw error;
    notes.broken.push(`after ${SETTLED_WITHIN_SECONDS} s something is still in flight: ${JSON.stringify(error.body)}`);
    return null;
  }
}
