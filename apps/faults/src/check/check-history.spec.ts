import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkHistory } from './check-history.js';
import { cleanHistory } from './clean-history.arbitrary.js';
import type { History, SeenLine } from './history.js';
import type { Verdict } from './verdict.js';

const CLEAN = { lost: 0, doubled: 0, leaked: 0, reordered: 0, parked: 0, unknown_left: 0, unexplained: 0, findings: [] };

/** A clean history with one accident in it; null where the history has no place for it. `pick` chooses the place. */
type Accident = (history: History, pick: number) => History | null;

/** What a checker says of clean histories with one accident each. */
function verdictsAfter(accident: Accident, holds: (verdict: Verdict) => void): void {
  let count = 0;
  fc.assert(
    fc.property(cleanHistory, fc.nat(), (history, pick) => {
      const broken = accident(history, pick);
      fc.pre(broken !== null);
      count += 1;
      holds(checkHistory(broken));
    }),
    { numRuns: 120 },
  );
  expect(count).toBeGreaterThan(50);
}

const billedAs = (history: History, contractServiceId: number, more: number): History => ({
  ...history,
  tenants: history.tenants.map((tenant) => ({
    ...tenant,
    lines: tenant.lines.map((line): SeenLine => {
      if (line.contractServiceId !== contractServiceId) return line;
      return { ...line, billed: line.billed.map(({ day, units }) => ({ day, units: units + more })) };
    }),
  })),
});

const at = <T>(values: readonly T[], pick: number): { value: T; index: number } => {
  const index = pick % values.length;
  return { value: values[index]!, index };
};

/** The PSA carries a write out twice. */
const doubleAnEffect: Accident = (history, pick) => {
  const { value: effect, index } = at(history.effects, pick);
  const effects = [...history.effects.slice(0, index + 1), effect, ...history.effects.slice(index + 1)];
  return billedAs({ ...history, effects }, effect.contractServiceId, effect.delta);
};

/** The same, and somebody puts the units right afterwards, so that no final figure shows it. */
const doubleAndMend: Accident = (history, pick) => {
  const { value: effect, index } = at(history.effects, pick);
  const mended = [effect, effect, { ...effect, delta: -effect.delta }];
  return { ...history, effects: [...history.effects.slice(0, index), ...mended, ...history.effects.slice(index + 1)] };
};

const loseAnEffect: Accident = (history, pick) => {
  const { value: effect, index } = at(history.effects, pick);
  const effects = history.effects.filter((_, each) => each !== index);
  return billedAs({ ...history, effects }, effect.contractServiceId, -effect.delta);
};

const loseAnEvent: Accident = (history, pick) => {
  const { value } = at(
    history.stored.filter(({ eventId }) => eventId !== 'f-1-2'),
    pick,
  );
  return { ...history, stored: history.stored.filter((row) => row !== value) };
};

/** After the newest version was written, an older one is written again, and then the newest once more. */
const writeAnOldVersion: Accident = (history) => {
  const last = history.effects.at(-1)!;
  const own = history.changes.filter((change) => change.agreementLineKey === `al_${last.contractServiceId}`);
  const newest = own.reduce((a, b) => (a.version > b.version ? a : b));
  const level = (change: (typeof own)[number]): number => Number(change.steps[0]!.quantity);
  const older = own.find((change) => change.version < newest.version && level(change) !== level(newest));
  // Where the line had one of the two levels more than once, the history can be told in order too.
  const isOnce = (one: (typeof own)[number]): boolean =>
    own.every((change) => change.version === one.version || level(change) !== level(one));
  if (older === undefined || !isOnce(older) || !isOnce(newest)) return null;
  const back = level(older) - level(newest);
  const again = [back, -back].map((delta) => ({ ...last, delta }));
  const writes = again.map(({ day, delta }) => ({ ...history.writes.at(-1)!, day, delta }));
  return { ...history, effects: [...history.effects, ...again], writes: [...history.writes, ...writes] };
};

/** A relay publishes a version for the first time after a newer one. */
const publishLate: Accident = (history, pick) => {
  const { value: change, index } = at(history.changes, pick);
  const changes = history.changes.toSpliced(index, 0, { ...change, version: change.version + 100 });
  return { ...history, changes };
};

const publishLateTarget: Accident = (history, pick) => {
  const { value: target, index } = at(history.targets, pick);
  return { ...history, targets: history.targets.toSpliced(index, 0, { ...target, version: target.version + 100 }) };
};

describe('the checker', () => {
  it('finds nothing in the history of a product that does everything right', () => {
    fc.assert(
      fc.property(cleanHistory, (history) => {
        expect(checkHistory(history)).toEqual(CLEAN);
      }),
      { numRuns: 150 },
    );
  });

  it('reports an effect that happened twice as doubled', () => {
    verdictsAfter(doubleAnEffect, ({ doubled }) => expect(doubled).toBeGreaterThan(0));
  });

  it('reports a doubled effect even if the final units are right', () => {
    verdictsAfter(doubleAndMend, ({ doubled }) => expect(doubled).toBeGreaterThan(0));
  });

  it('reports a confirmed write without an effect as lost', () => {
    verdictsAfter(loseAnEffect, ({ lost }) => expect(lost).toBeGreaterThan(0));
  });

  it('reports an acknowledged event that is not stored as lost, once', () => {
    verdictsAfter(loseAnEvent, ({ lost, doubled }) => expect([lost, doubled]).toEqual([1, 0]));
  });

  it('reports an old version that was written after a newer one as reordered, and as nothing else', () => {
    verdictsAfter(writeAnOldVersion, (verdict) => {
      expect(verdict).toMatchObject({ ...CLEAN, reordered: 1, findings: [{ kind: 'reordered' }] });
    });
  });

  it.each([
    ['quantity change', publishLate],
    ['line target', publishLateTarget],
  ])('reports a %s that first appears behind a newer one as reordered', (_, accident) => {
    verdictsAfter(accident, ({ reordered }) => expect(reordered).toBeGreaterThan(0));
  });
});
