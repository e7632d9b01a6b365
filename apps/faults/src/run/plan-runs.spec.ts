import { describe, expect, it } from 'vitest';
import { joinedNeeds, planRuns } from './plan-runs.js';

describe('planned runs', () => {
  it('of the short lane are eight faults with three seeds each', () => {
    const runs = planRuns({ faults: [], lane: 'short' }).flatMap((plan) => plan.runs);
    const names = runs.map(({ faults, seed }) => `${faults.map(({ id }) => id).join('+')}/${seed}`);
    const wanted = ['F1', 'F2', 'F3', 'F8', 'F13', 'F17', 'F18', 'F19'].flatMap((id) => [1, 2, 3].map((seed) => `${id}/${seed}`));
    expect(names.sort()).toEqual(wanted.sort());
  });

  it('share a runtime as long as their needs are equal', () => {
    const plans = planRuns({ faults: ['F17', 'F18'], seeds: [1, 2] });
    expect(plans.map(({ runs }) => runs.length)).toEqual([4]);
  });

  it('of joined faults need what each of them needs', () => {
    const inject = (): Promise<void> => Promise.resolve();
    const fault = { id: 'F1', title: '', mustHold: '', inject };
    const needs = joinedNeeds([
      { ...fault, needs: { brokers: 3, replicas: { ingest: 2 } } },
      { ...fault, needs: { replicas: { api: 2 }, isSpent: true } },
      fault,
    ]);
    expect(needs).toEqual({ brokers: 3, replicas: { ingest: 2, api: 2 }, isSpent: true });
  });

  it('of an unknown fault are refused by the numbers that there are', () => {
    expect(() => planRuns({ faults: ['F99'] })).toThrow(/no fault F99; known: F1,/);
  });
});
