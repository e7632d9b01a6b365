import { assignmentKeyOf, foldAssignment, holdingsOf, Catalogue, inOrder, type AssignmentIdentity } from '@trueup/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histories } from './histories.fixture.js';
import { packIntervals, unpackIntervals } from './packed-intervals.js';
import { packState, unpackState } from './packed-state.js';

const rules = {
  tenantId: 'ten_packed',
  timeZone: 'Europe/Berlin',
  today: '2026-04-01',
  catalogue: new Catalogue([{ serviceCode: 's', planCode: null, sku: 'SKU-NEW', validFrom: '2026-02-15' }]),
};
const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** The folds of a history, by assignment, with actors that differ. */
const folds = histories.map((events) => {
  const named = inOrder(events).map((event, index) => ({ ...event, ...(index % 3 > 0 && { actorid: `a${index % 3}` }) }));
  const identities = new Map<string, AssignmentIdentity>();
  for (const event of named) {
    const identity = assignmentKeyOf(event);
    if (identity !== undefined) identities.set(JSON.stringify(identity), identity);
  }
  return [...identities.values()].map((identity) => foldAssignment(identity, undefined, named));
});

describe('what is stored packed', () => {
  it('is the same fold when it is read back', () => {
    fc.assert(
      fc.property(folds, (states) => {
        const readBack = states.map((state) =>
          unpackState({ tenantId: 'ten_packed', ...state.identity }, throughJson(packState(state))),
        );
        expect(JSON.stringify(readBack)).toBe(JSON.stringify(states));
      }),
    );
  });

  it('is the same row when it is read back', () => {
    fc.assert(
      fc.property(folds, (states) => {
        const rows = states.flatMap((state) => holdingsOf(state, rules)).map(({ intervals }) => intervals);
        expect(rows.map((row) => unpackIntervals(throughJson(packIntervals(row))))).toEqual(throughJson(rows));
      }),
    );
  });

  it('is read as it is where it was written before', () => {
    const identity = { customerCode: 'C', userCode: 'u', kind: 'service' as const, code: 's', instance: '' };
    const state = foldAssignment(identity, undefined, []);
    expect(unpackState({ tenantId: 'ten_packed', ...identity }, state)).toBe(state);
    expect(unpackIntervals([])).toEqual([]);
  });
});
