import type { Runtime } from '@trueup/testing/product';
import { checkHistory } from '../check/check-history.js';
import type { Fault, FaultRun } from '../fault.js';
import { seededRandom } from '../load/seeded-random.js';
import { observe } from '../observe/observe.js';
import { bringBack } from './bring-back.js';
import { FaultNotes } from './fault-notes.js';
import type { RunRecord } from './run-record.js';
import { type TenantOnStage, tenantOnStage } from './tenant-on-stage.js';

const WARM_UP_EVENTS = 14;
const LAST_EVENTS = 7;
const NEIGHBOUR_EVENTS_PER_SECOND = 3;
const SETTLED_WITHIN_SECONDS = 300;

/** One fault (or several, one after the other) with one seed, from two new tenants to a verdict. Never throws: an error is a failed run. */
export async function runFault(runtime: Runtime, faults: readonly Fault[], seed: number): Promise<RunRecord> {
  const startedAt = performance.now();
  const notes = new FaultNotes();
  const ids = faults.map(({ id }) => id).join('+');
  const run = { ids, seed, notes, runtime, faults };
  const seen = await carriedOut(run).catch((error: unknown) => {
    notes.broken.push(error instanceof Error ? `${error.message}` : String(error));
    return { ...NOTHING, recovery_s: -1 };
  });
  const isClean = [seen.lost, seen.doubled, seen.leaked, seen.reordered, seen.unknown_left, seen.unexplained].every(
    (count) => count === 0,
  );
  if (seen.parked !== notes.parked) notes.broken.push(`${seen.parked} lines and records are parked instead of ${notes.parked}`);
  return {
    seed,
    faults: ids,
    title: faults.map(({ title }) => title).join('; '),
    mustHold: faults.map(({ mustHold }) => mustHold).join('; '),
    ...seen,
    took_s: seconds(performance.now() - startedAt),
    figures: notes.figures,
    broken: notes.broken,
    hasPassed: isClean && notes.broken.length === 0,
  };
}

type Seen = Omit<RunRecord, 'seed' | 'faults' | 'title' | 'mustHold' | 'took_s' | 'figures' | 'broken' | 'hasPassed'>;

const NOTHING: Omit<Seen, 'recovery_s'> = {
  events_in: 0,
  effects_out: 0,
  lost: 0,
  doubled: 0,
  leaked: 0,
  reordered: 0,
  parked: 0,
  unknown_left: 0,
  unexplained: 0,
  findings: [],
};

interface Attempt {
  ids: string;
  seed: number;
  notes: FaultNotes;
  runtime: Runtime;
  faults: readonly Fault[];
}

async function carriedOut({ ids, seed, notes, runtime, faults }: Attempt): Promise<Seen> {
  const random = seededRandom(seed, ids);
  const stage = (role: TenantOnStage['role']): Promise<TenantOnStage> =>
    tenantOnStage(runtime, role, { name: `${ids}-${seed}`, seed, random });
  const main = await stage('main');
  const neighbour = await stage('neighbour');
  const run: FaultRun = { seed, random, runtime, main, neighbour, ...notes.asPartOfRun() };
  await broken(run, faults);
  const endedAt = performance.now();
  await bringBack(runtime, main.msp.sandbox);
  await Promise.all([main, neighbour].map(({ load }) => load.send(LAST_EVENTS)));
  await runtime.settled(SETTLED_WITHIN_SECONDS);
  const recovery_s = seconds(performance.now() - endedAt);
  for (const fault of faults) await fault.afterwards?.(run);
  const history = await observe(runtime, [main, neighbour], ({ role }, line) => role === 'main' && notes.isJudgedElsewhere(line));
  const events_in = history.tenants.reduce(
    (sum, { sent }) => sum + sent.filter(({ acknowledged }) => acknowledged > 0).length,
    0,
  );
  return { ...checkHistory(history), events_in, effects_out: history.effects.length, recovery_s };
}

/** The faults happen while both tenants' events flow; the neighbour's flow by themselves. */
async function broken(run: FaultRun, faults: readonly Fault[]): Promise<void> {
  await Promise.all([run.main, run.neighbour].map(({ load }) => load.send(WARM_UP_EVENTS)));
  const background = run.neighbour.load.start(NEIGHBOUR_EVENTS_PER_SECOND);
  try {
    for (const fault of faults) await fault.inject(run);
  } finally {
    await bringBack(run.runtime, run.main.msp.sandbox);
    await background.stop();
  }
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
