import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, fromEpochDay } from '@trueup/contracts';
import { BillingCalendar } from './billing-calendar.js';
import type { CloseDay, Period, PeriodSetting } from './period-setting.js';

const closing = (closeDay: CloseDay, timeZone = 'UTC') => new BillingCalendar([{ effectiveFrom: null, closeDay, timeZone }]);
const days = ({ start, id }: Period) => `${start}..${id}`;
const idsOf2024 = (closeDay: CloseDay) =>
  closing(closeDay)
    .between('2024-01-01', '2024-04-30')
    .map(({ id }) => id);

const closeDays: fc.Arbitrary<CloseDay> = fc.oneof(
  fc.integer({ min: 1, max: 31 }),
  fc.constant('month-end' as const),
  fc.record({ daysBeforeEnd: fc.integer({ min: 0, max: 27 }) }),
);
const dates = fc.integer({ min: 19_000, max: 21_500 }).map(fromEpochDay);
const zones = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'Pacific/Auckland',
  'America/New_York',
  'Pacific/Pago_Pago',
  'Pacific/Kiritimati',
);
const settings: fc.Arbitrary<PeriodSetting[]> = fc.array(
  fc.record({ effectiveFrom: fc.option(dates, { freq: 6 }), closeDay: closeDays, timeZone: zones }),
  { minLength: 1, maxLength: 5 },
);

describe('published cases', () => {
  it('J-01: closing on the 25th runs from the 26th to the 25th', () => {
    expect(days(closing(25).containing('2026-03-10'))).toBe('2026-02-26..2026-03-25');
  });

  it('J-03: a date names the period that contains it', () => {
    const calendar = closing(25);
    expect(['2026-03-25', '2026-03-26', '2026-04-25'].map((date) => calendar.containing(date).id)).toEqual([
      '2026-03-25',
      '2026-04-25',
      '2026-04-25',
    ]);
  });

  it('J-05: every month resolves its own end', () => {
    expect([idsOf2024('month-end'), idsOf2024(31), idsOf2024({ daysBeforeEnd: 5 })]).toEqual([
      ['2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30'],
      ['2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30'],
      ['2024-01-26', '2024-02-24', '2024-03-26', '2024-04-25', '2024-05-26'],
    ]);
  });

  it('D-15 and D-19: the 30th clamps in February alone, the 31st does not stick at 30', () => {
    expect([closing(30).containing('2012-02-10').id, closing(31).containing('2012-05-01').id]).toEqual([
      '2012-02-29',
      '2012-05-31',
    ]);
  });

  it('D-17: the close after the 16th with close day 15 lies in the next month', () => {
    expect(closing(15).containing('2012-07-16').id).toBe('2012-08-15');
  });

  it('E-21: local days decide, not days of UTC', () => {
    const calendar = closing(30, 'Europe/Paris');
    const idAt = (instant: string) => calendar.containingInstant(Date.parse(instant)).id;
    expect([idAt('2024-05-30T20:00:00Z'), idAt('2024-05-30T23:00:00Z')]).toEqual(['2024-05-30', '2024-06-30']);
  });
});

describe('a changed setting', () => {
  const history: PeriodSetting[] = [
    { effectiveFrom: null, closeDay: 'month-end', timeZone: 'UTC' },
    { effectiveFrom: '2026-03-10', closeDay: 25, timeZone: 'UTC' },
  ];

  it('lets the current period end as planned and begins the new rule with the next', () => {
    expect(new BillingCalendar(history).between('2026-02-01', '2026-05-01').map(days)).toEqual([
      '2026-02-01..2026-02-28',
      '2026-03-01..2026-03-31',
      '2026-04-01..2026-04-25',
      '2026-04-26..2026-05-25',
    ]);
  });

  it('replaces one that has not begun yet', () => {
    const again = [...history, { effectiveFrom: '2026-03-20', closeDay: 10, timeZone: 'UTC' } as const];
    expect(new BillingCalendar(again).between('2026-03-01', '2026-04-10').map(days)).toEqual([
      '2026-03-01..2026-03-31',
      '2026-04-01..2026-04-10',
    ]);
  });

  it('applies from the beginning when it has no day', () => {
    const reset = [...history, { effectiveFrom: null, closeDay: 10, timeZone: 'UTC' } as const];
    expect(days(new BillingCalendar(reset).containing('2026-02-11'))).toBe('2026-02-11..2026-03-10');
  });

  it('of the zone begins where the period before it ended', () => {
    const moved: PeriodSetting[] = [
      { effectiveFrom: null, closeDay: 'month-end', timeZone: 'UTC' },
      { effectiveFrom: '2026-03-10', closeDay: 'month-end', timeZone: 'Pacific/Auckland' },
    ];
    const april = new BillingCalendar(moved).containing('2026-04-15');
    expect([april.startsAtMs, april.endsAtMs].map((ms) => new Date(ms).toISOString())).toEqual([
      '2026-04-01T00:00:00.000Z',
      '2026-04-30T12:00:00.000Z',
    ]);
  });
});

describe('any history of settings', () => {
  it('parts the calendar: every day and every instant lies in exactly one period', () => {
    fc.assert(
      fc.property(settings, dates, (history, first) => {
        const periods = new BillingCalendar(history).between(first, addDays(first, 150));
        periods.slice(1).forEach((period, index) => {
          const before = periods[index]!;
          expect([period.start, period.startsAtMs]).toEqual([before.end, before.endsAtMs]);
        });
        for (const period of periods) {
          expect(period.start < period.end && period.startsAtMs < period.endsAtMs && addDays(period.id, 1) === period.end).toBe(
            true,
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  it('finds a period by each of its days and by its first and last instant', () => {
    fc.assert(
      fc.property(settings, dates, (history, date) => {
        const calendar = new BillingCalendar(history);
        const period = calendar.containing(date);
        const found = [
          calendar.containing(period.start),
          calendar.containing(period.id),
          calendar.containingInstant(period.startsAtMs),
          calendar.containingInstant(period.endsAtMs - 1),
          calendar.next(calendar.previous(period)),
        ];
        expect(found).toEqual([period, period, period, period, period]);
      }),
    );
  });
});
