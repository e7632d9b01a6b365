import { OUTCOME_KINDS } from '@trueup/contracts';
import { describe, expect, it } from 'vitest';
import { isConfirmed, stateAfterOutcome } from './state-after-outcome.js';

describe('stateAfterOutcome', () => {
  it('has a state for every kind, of writes and of previews', () => {
    const table = OUTCOME_KINDS.map((kind) => [kind, stateAfterOutcome(kind, false), stateAfterOutcome(kind, true)]);
    expect(table).toEqual([
      ['planned', 'observed', 'observed'],
      ['unchanged', 'delivered', 'observed'],
      ['delivered', 'delivered', 'delivered'],
      ['created', 'delivered', 'delivered'],
      ['zeroed', 'delivered', 'delivered'],
      ['rejected', 'rejected', 'rejected'],
      ['conflict', 'held', 'held'],
      ['held', 'held', 'held'],
      ['manual', 'manual', 'manual'],
      ['superseded', null, null],
      ['unsettled', 'unsettled', 'unsettled'],
      ['deferred', 'pending', 'pending'],
      ['checked', null, null],
      ['listed', null, null],
    ]);
  });
});

describe('isConfirmed', () => {
  it('holds for what the PSA has shown, never for a preview', () => {
    const confirmed = OUTCOME_KINDS.filter((kind) => isConfirmed(kind, false));
    expect(confirmed).toEqual(['unchanged', 'delivered', 'created', 'zeroed']);
    expect(OUTCOME_KINDS.some((kind) => isConfirmed(kind, true))).toBe(false);
  });
});
