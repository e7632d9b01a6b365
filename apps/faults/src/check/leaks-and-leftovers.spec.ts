import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkHistory } from './check-history.js';
import { cleanHistory } from './clean-history.arbitrary.js';
import type { History } from './history.js';

const first = <T>(values: readonly T[]): T => values[0]!;
const isOf =
  (role: string) =>
  ({ tenantId }: { tenantId: string }): boolean =>
    tenantId === `ten_${role}`;

const LEAKS: [string, (history: History) => History][] = [
  [
    "a row of one tenant in the other's store",
    (history) => ({ ...history, stored: [...history.stored, { ...first(history.stored), tenantId: 'ten_neighbour' }] }),
  ],
  [
    "a line target under the other tenant's key",
    (history) => ({ ...history, targets: [...history.targets, { ...first(history.targets), key: 'ten_neighbour/ln_1000' }] }),
  ],
  [
    "a line target of the other tenant's line",
    (history) => ({ ...history, targets: [...history.targets, { ...first(history.targets), lineKey: 'ln_2000' }] }),
  ],
  [
    "the other tenant's people among the causes",
    (history) => ({ ...history, targets: history.targets.map((target) => ({ ...target, marks: ['desk-of-main'] })) }),
  ],
  [
    "a quantity change for the other tenant's account",
    (history) => ({ ...history, changes: [...history.changes, { ...first(history.changes), account: '2000' }] }),
  ],
  [
    'a quantity change over the other connection',
    (history) => ({ ...history, changes: [...history.changes, { ...first(history.changes), connectionId: 'con_neighbour' }] }),
  ],
  [
    "a write to the other tenant's contract service",
    (history) => ({ ...history, writes: history.writes.map((write) => ({ ...write, connectionId: 'con_main' })) }),
  ],
  [
    'an effect that names contract and contract service of different tenants',
    (history) => ({ ...history, effects: history.effects.map((effect) => ({ ...effect, contractId: 2000 })) }),
  ],
  [
    'an answer to a question about the other tenant',
    (history) => ({ ...history, probes: [{ asks: '/lines/ln_1000', by: 'neighbour', status: 200 }] }),
  ],
];

describe('the checker', () => {
  it.each(LEAKS)('reports %s as leaked', (_, accident) => {
    const bothWrote = cleanHistory.filter(
      ({ changes, effects }) =>
        changes.some(isOf('main')) && changes.some(isOf('neighbour')) && effects.some(({ contractId }) => contractId >= 2000),
    );
    fc.assert(
      fc.property(bothWrote, (history) => {
        fc.pre(first(history.targets).tenantId === 'ten_main' && history.effects.some(({ contractId }) => contractId < 2000));
        expect(checkHistory(accident(history)).leaked).toBeGreaterThan(0);
      }),
      { numRuns: 50 },
    );
  });

  it.each(['intent', 'acknowledged', 'unknown', 'disputed'])('counts a write that is left %s as unknown', (state) => {
    fc.assert(
      fc.property(cleanHistory, (history) => {
        const writes = history.writes.with(-1, { ...history.writes.at(-1)!, state });
        expect(checkHistory({ ...history, writes })).toMatchObject({ unknown_left: 1, doubled: 0, lost: 0 });
      }),
      { numRuns: 50 },
    );
  });

  it.each(['refused', 'not-executed'])('reports an effect of a write that the connector calls %s as doubled', (state) => {
    fc.assert(
      fc.property(cleanHistory, (history) => {
        const writes = history.writes.with(-1, { ...history.writes.at(-1)!, state });
        expect(checkHistory({ ...history, writes }).doubled).toBeGreaterThan(0);
      }),
      { numRuns: 50 },
    );
  });

  it('reports an effect that nothing intended as unexplained', () => {
    fc.assert(
      fc.property(cleanHistory, (history) => {
        const effects = [...history.effects, { ...history.effects.at(-1)!, delta: 99 }];
        expect(checkHistory({ ...history, effects }).unexplained).toBe(1);
      }),
      { numRuns: 50 },
    );
  });

  it('reports a stored event that nobody sent as unexplained', () => {
    fc.assert(
      fc.property(cleanHistory, (history) => {
        const stored = [...history.stored, { ...first(history.stored), eventId: 'of-nobody' }];
        expect(checkHistory({ ...history, stored }).unexplained).toBe(1);
      }),
      { numRuns: 50 },
    );
  });

  it('counts what waits for a person', () => {
    const history = first(fc.sample(cleanHistory, 1));
    const parked = [{ tenantId: 'ten_main', where: 'quarantine', why: 'unknown type' }];
    expect(checkHistory({ ...history, parked }).parked).toBe(1);
  });
});
