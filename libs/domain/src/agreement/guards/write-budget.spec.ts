import type { Guard } from '@trueup/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SpentBudget, spend, spentBudget } from './write-budget.js';

describe('a write budget', () => {
  it('lets no line be released more often a day without a new cause, and each new cause at once', () => {
    const asked = fc.record({ day: fc.constantFrom('2026-11-23', '2026-11-24', '2026-11-25'), isNewCause: fc.boolean() });
    const days = fc.array(asked, { maxLength: 60 }).map((list) => list.toSorted((a, b) => a.day.localeCompare(b.day)));
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 4 }), (list, most) => {
        const guards: Guard[] = [{ id: 'budget', scope: {}, kind: 'write-budget', value: String(most) }];
        let spent: SpentBudget | null = null;
        const released: typeof list = [];
        for (const one of list) {
          if (!one.isNewCause && spentBudget(spent, guards, one.day)) continue;
          released.push(one);
          if (!one.isNewCause) spent = spend(spent, one.day);
        }
        expect(released.filter(({ isNewCause }) => isNewCause)).toHaveLength(list.filter(({ isNewCause }) => isNewCause).length);
        for (const [day, own] of Map.groupBy(
          list.filter(({ isNewCause }) => !isNewCause),
          (one) => one.day,
        )) {
          const through = released.filter((one) => one.day === day && !one.isNewCause);
          expect(through).toHaveLength(Math.min(most, own.length));
        }
      }),
    );
  });
});
