import { type ChangeStep, addDays, levelOn } from '@trueup/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumQuantities } from '../quantity-math.js';
import { agreementSchedule } from './agreement-schedule.js';
import { type CorrectionBounds, type RestatedPart, currentSteps, lateUnits, splitLateUnits } from './late-corrections.js';

const day = (offset: number): string => addDays('2026-10-01', offset);
// Two periods of thirty days; the first is day 0 to 29.
const periodOf = (at: number): string => (at < 30 ? day(29) : day(59));
const toStep = ({ at, quantity }: { at: number; quantity: string }): ChangeStep => ({
  from: day(at),
  quantity,
  periodId: periodOf(at),
});
const steps = fc
  .uniqueArray(fc.record({ at: fc.nat(59), quantity: fc.constantFrom('0', '1', '4', '2.5') }), {
    selector: ({ at }) => at,
    maxLength: 6,
  })
  .map((list) => {
    const starts = [0, 30].filter((at) => !list.some((one) => one.at === at)).map((at) => ({ at, quantity: '3' }));
    return [...list, ...starts].sort((a, b) => a.at - b.at).map(toStep);
  });
const parts = fc.array(fc.record({ steps, restated: fc.option(steps), confirmed: fc.option(steps) }), {
  minLength: 1,
  maxLength: 4,
});

const periods = [
  { start: day(0), end: day(30) },
  { start: day(30), end: day(60) },
];
const bounds: fc.Arbitrary<CorrectionBounds> = fc.record({
  confirmedThrough: fc.constantFrom(null, day(30), day(60)),
  first: fc.nat(40).map(day),
  notBefore: fc.constantFrom(null, day(30), day(60)),
});
/** What the PSA bills once it has confirmed the schedule: every part as it stood there. */
const asConfirmed = (all: readonly RestatedPart[], { confirmedThrough }: CorrectionBounds, from: string | null) =>
  all.map((part) => ({
    ...part,
    confirmed: currentSteps(part, from).filter(({ periodId }) => confirmedThrough !== null && periodId < confirmedThrough),
  }));

describe('late events', () => {
  it('bring every unit and day either to the schedule or to the list, from the first day that may be billed on', () => {
    fc.assert(
      fc.property(parts, bounds, fc.nat(59), (all, within, at) => {
        const on = day(at);
        fc.pre(on >= within.first);
        const { listed, scheduledFrom } = splitLateUnits(all, periods, within);
        const scheduled = levelOn(agreementSchedule(all.map((part) => currentSteps(part, scheduledFrom))), on);
        const beside = listed.filter(({ from, to }) => from <= on && on < to).map(({ units }) => units);
        const should = levelOn(agreementSchedule(all.map((part) => part.restated ?? part.steps)), on);
        expect(sumQuantities([scheduled, ...beside])).toBe(should);
      }),
      { numRuns: 400 },
    );
  });

  it('are asked for once: what the PSA has confirmed as corrected calls for nothing more', () => {
    fc.assert(
      fc.property(parts, bounds, (all, within) => {
        const first = splitLateUnits(all, periods, within);
        const next = splitLateUnits(asConfirmed(all, within, first.scheduledFrom), periods, within);
        expect(next.scheduled).toEqual([]);
        expect(next.listed).toEqual(first.listed);
      }),
      { numRuns: 400 },
    );
  });

  it('reach back to no day before the first one, and to no period that takes no correction', () => {
    fc.assert(
      fc.property(parts, bounds, (all, within) => {
        const { scheduled, scheduledFrom } = splitLateUnits(all, periods, within);
        for (const { from } of scheduled) {
          expect(from >= within.first && (within.notBefore === null || from >= within.notBefore)).toBe(true);
          expect(scheduledFrom! <= from).toBe(true);
        }
      }),
    );
  });

  it('make the schedule and the listed corrections hold every unit and day together, however far the PSA has confirmed', () => {
    fc.assert(
      fc.property(parts, fc.constantFrom(null, day(30), day(60)), fc.nat(59), (all, confirmed, on) => {
        const scheduled = levelOn(agreementSchedule(all.map((part) => currentSteps(part, confirmed))), day(on));
        const listed = lateUnits(all, confirmed).filter(({ from, to }) => from <= day(on) && day(on) < to);
        const should = levelOn(agreementSchedule(all.map((part) => part.restated ?? part.steps)), day(on));
        expect(sumQuantities([scheduled, ...listed.map(({ units }) => units)])).toBe(should);
      }),
      { numRuns: 400 },
    );
  });

  it('leave no correction for an unconfirmed period, and none of nothing', () => {
    fc.assert(
      fc.property(parts, (all) => {
        expect(lateUnits(all, null)).toEqual([]);
        for (const { units, from, to } of lateUnits(all, day(60))) {
          expect(units).not.toBe('0');
          expect(from < to).toBe(true);
        }
      }),
    );
  });

  it('are joined over days of the same difference', () => {
    const own = [toStep({ at: 0, quantity: '4' }), toStep({ at: 10, quantity: '5' })];
    const restated = [toStep({ at: 0, quantity: '4' }), toStep({ at: 5, quantity: '6' }), toStep({ at: 10, quantity: '7' })];
    expect(lateUnits([{ steps: own, restated }], day(30))).toEqual([
      { periodId: day(29), units: '2', delivered: '4', from: day(5), to: day(30) },
    ]);
  });
});
