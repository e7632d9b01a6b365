import { addDays, levelOn, type Step } from '@trueup/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plus } from './quantity-math.js';
import { isSameFrom, isZeroFrom, lowestFrom, raisedFrom, shortestFrom } from './schedule.js';

const day = fc.integer({ min: 0, max: 30 }).map((n) => addDays('2026-07-01', n));
const schedule = fc
  .uniqueArray(fc.tuple(day, fc.integer({ min: 0, max: 20 })), { selector: ([from]) => from, maxLength: 6 })
  .map((steps) =>
    steps.toSorted((a, b) => a[0].localeCompare(b[0])).map(([from, units]): Step => ({ from, quantity: String(units) })),
  );
const days = Array.from({ length: 40 }, (_, n) => addDays('2026-06-28', n));

describe('schedules', () => {
  it('are the same exactly when every day from then on is', () => {
    fc.assert(
      fc.property(schedule, schedule, day, (a, b, from) => {
        const agree = days.filter((each) => each >= from).every((each) => levelOn(a, each) === levelOn(b, each));
        expect(isSameFrom(a, b, from)).toBe(agree);
        expect(isSameFrom(a, shortestFrom(a, from), from)).toBe(true);
      }),
    );
  });

  it('are raised on the day and every later one, and on no earlier one', () => {
    fc.assert(
      fc.property(schedule, day, fc.integer({ min: -5, max: 5 }).map(String), (steps, from, delta) => {
        const raised = raisedFrom(steps, from, delta);
        for (const each of days) {
          const before = levelOn(steps, each);
          expect(levelOn(raised, each)).toBe(each < from ? before : plus(before, delta));
        }
      }),
    );
  });

  it('know their lowest level and whether they are zero from a day on', () => {
    fc.assert(
      fc.property(schedule, day, (steps, from) => {
        const levels = days.filter((each) => each >= from).map((each) => Number(levelOn(steps, each)));
        expect(Number(lowestFrom(steps, from))).toBe(Math.min(...levels));
        expect(isZeroFrom(steps, from)).toBe(levels.every((level) => level === 0));
      }),
    );
  });
});
