import { oneOf, seededRandom, wholeBelow } from '@trueup/testing/product';
import { CATALOGUE } from '../catalogue.js';
import type { Options } from '../cli/parse-options.js';
import type { Fault } from '../fault.js';
import { runPlans } from './run-plans.js';
import type { RunRecord } from './run-record.js';

/** Two faults in one run, the second before the product has recovered from the first. */
export interface Pair {
  faults: readonly [Fault, Fault];
  seed: number;
}

/** The pairs of a seed, without end; only of faults that can share a runtime with any other. */
export function* pairsOf(seed: number, catalogue: readonly Fault[] = CATALOGUE): Generator<Pair> {
  const random = seededRandom(seed, 'pairs');
  const sociable = catalogue.filter(({ needs }) => needs === undefined || Object.keys(needs).length === 0);
  for (;;) yield { faults: [oneOf(random, sociable), oneOf(random, sociable)], seed: 1 + wholeBelow(random, 1_000_000) };
}

/** Runs pairs on one runtime until the time is over; the last one is finished. */
export async function runPairs(options: Options, onRun: (record: RunRecord) => void): Promise<void> {
  const until = performance.now() + options.pairsMs;
  const pairs = pairsOf(options.seeds?.[0] ?? 1);
  const inTime = function* (): Generator<Pair> {
    while (performance.now() < until) yield pairs.next().value as Pair;
  };
  return runPlans([{ needs: {}, runs: inTime() }], options, onRun);
}
