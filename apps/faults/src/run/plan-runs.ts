import { CATALOGUE, faultOf } from '../catalogue.js';
import type { Options } from '../cli/parse-options.js';
import type { Fault, RuntimeNeeds } from '../fault.js';

/** What is to run on one runtime, in order. */
export interface RuntimePlan {
  needs: RuntimeNeeds;
  runs: Iterable<{ faults: readonly Fault[]; seed: number }>;
}

interface PlannedRuns extends RuntimePlan {
  runs: { faults: readonly Fault[]; seed: number }[];
}

const SHORT_LANE = ['F1', 'F2', 'F3', 'F8', 'F13', 'F17', 'F18', 'F19'];
const SHORT_SEEDS = [1, 2, 3];
const LONG_SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);

/** The runs that the options ask for, those with equal needs together; what spends its runtime gets one of its own. */
export function planRuns({ faults, lane, seeds }: Pick<Options, 'faults' | 'lane' | 'seeds'>): PlannedRuns[] {
  const wanted = [...faults.map((text) => text.split('+').map(faultOf)), ...laneFaults(lane).map((fault) => [fault])];
  const ownSeeds = seeds ?? (lane === undefined ? [1] : lane === 'short' ? SHORT_SEEDS : LONG_SEEDS);
  const plans = new Map<string, PlannedRuns>();
  for (const group of wanted) {
    for (const seed of ownSeeds) {
      const needs = joinedNeeds(group);
      const key = needs.isSpent === true ? `${plans.size} alone` : JSON.stringify(needs);
      const plan = plans.get(key) ?? { needs, runs: [] };
      plan.runs.push({ faults: group, seed });
      plans.set(key, plan);
    }
  }
  return [...plans.values()];
}

function laneFaults(lane: Options['lane']): readonly Fault[] {
  if (lane === undefined) return [];
  return lane === 'long' ? CATALOGUE : CATALOGUE.filter(({ id }) => SHORT_LANE.includes(id));
}

/** Needs of faults that run one after the other in one run. */
export function joinedNeeds(faults: readonly Fault[]): RuntimeNeeds {
  const all = faults.flatMap(({ needs }) => needs ?? []);
  const replicas = Object.assign({}, ...all.map((needs) => needs.replicas ?? {})) as Record<string, number>;
  const environment = Object.assign({}, ...all.map((needs) => needs.environment ?? {})) as Record<string, string>;
  return {
    ...(Object.keys(replicas).length > 0 && { replicas }),
    ...(all.some(({ brokers }) => brokers === 3) && { brokers: 3 as const }),
    ...(Object.keys(environment).length > 0 && { environment }),
    ...(all.some(({ isSpent }) => isSpent === true) && { isSpent: true }),
  };
}
