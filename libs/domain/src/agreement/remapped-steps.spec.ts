import { addDays, levelOn } from '@trueup/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumQuantities } from '../quantity-math.js';
import { agreementSchedule } from './agreement-schedule.js';
import { dayTaken, stepsSince, withheldSteps } from './remapped-steps.js';

const day = (offset: number): string => addDays('2026-10-01', offset);
const steps = fc
  .uniqueArray(fc.record({ at: fc.nat(60), quantity: fc.constantFrom('0', '1', '4', '2.5') }), {
    selector: ({ at }) => at,
    minLength: 1,
  })
  .map((list) =>
    list.map(({ at, quantity }) => ({ from: day(at), quantity, periodId: 'p' })).sort((a, b) => (a.from < b.from ? -1 : 1)),
  );

describe('a line that moves to another agreement line', () => {
  it('counts from the day on which the old one let it go, with the level of every day', () => {
    fc.assert(
      fc.property(steps, fc.nat(40), fc.nat(30), fc.nat(70), (own, moved, later, on) => {
        const level = levelOn(stepsSince(own, day(moved), day(moved + later)), day(on));
        expect(level).toBe(on >= moved && on < moved + later ? '0' : levelOn(own, day(on)));
      }),
    );
  });

  it('adds nothing new while it waits', () => {
    fc.assert(
      fc.property(steps, steps, fc.nat(40), fc.nat(70), (own, other, moved, on) => {
        const sum = levelOn(agreementSchedule([withheldSteps(own, day(moved)), other]), day(on));
        const before = on < moved ? [levelOn(own, day(on))] : [];
        expect(sum).toBe(sumQuantities([levelOn(other, day(on)), ...before]));
      }),
    );
  });
});

describe('the day of a lowering', () => {
  const write = (effectiveDate: string, before: string, after: string) => ({ effectiveDate, before, after });

  it('is that of the first write that lowers on or after the day asked for', () => {
    const writes = [write('2026-11-05', '10', '9'), write('2026-11-20', '9', '0'), write('2026-11-22', '9', '3')];
    expect(dayTaken(writes, '2026-11-20')).toBe('2026-11-20');
    expect(dayTaken([write('2026-12-01', '10', '0')], '2026-11-20')).toBe('2026-12-01');
  });

  it('is the day asked for when nothing had to be written', () => {
    expect(dayTaken([], '2026-11-20')).toBe('2026-11-20');
  });
});
