import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billingPeriods } from './billing-periods.js';
import { plusDays } from './plain-date.js';
import { changedRows, type RowEnd, type UnitRow, unitsOn, withRowsFrom } from './unit-rows.js';

const rates = { rate: 10, costRate: 0 };

const dayIn = (start: string, end: string) => {
  const days = (Date.parse(end) - Date.parse(start)) / 86_400_000;
  return fc.integer({ min: 0, max: days }).map((offset) => plusDays(start, offset));
};

const contracts = fc
  .record({
    start: dayIn('2026-01-01', '2027-01-31'),
    months: fc.integer({ min: 0, max: 800 }),
    periodType: fc.constantFrom(2, 3, 4, 5),
  })
  .map(({ start, months: length, periodType }) => ({ start, end: plusDays(start, length), periodType }));

const scenarios = contracts.chain((contract) =>
  fc.record({
    contract: fc.constant(contract),
    from: dayIn(contract.start, contract.end),
    rowEnd: fc.constantFrom<RowEnd>('same-day', 'day-before'),
    changes: fc.array(
      fc.record({ effectiveDate: dayIn(contract.start, contract.end), unitChange: fc.integer({ min: -50, max: 50 }) }),
      { maxLength: 12 },
    ),
  }),
);

function rowsAfter({ contract, from, rowEnd, changes }: typeof scenarios extends fc.Arbitrary<infer T> ? T : never): UnitRow[] {
  const periods = billingPeriods(contract.start, contract.end, contract.periodType);
  const first = withRowsFrom([], from, periods, rates, rowEnd);
  return changes.reduce((rows, change) => {
    return changedRows(withRowsFrom(rows, change.effectiveDate, periods, rates, rowEnd), change, rowEnd);
  }, first);
}

describe('unit rows', () => {
  it('hold on any date the sum of the changes effective until then', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const rows = rowsAfter(scenario);
        const { start, end } = scenario.contract;
        for (let day = start; day <= end; day = plusDays(day, 1)) {
          const due = scenario.changes.filter(({ effectiveDate }) => effectiveDate <= day);
          expect(unitsOn(rows, day)).toBe(due.reduce((sum, { unitChange }) => sum + unitChange, 0));
        }
      }),
    );
  });

  it('never overlap by more than the day on which they touch', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const rows = rowsAfter(scenario);
        for (const [index, row] of rows.entries()) {
          const next = rows[index + 1];
          if (!next) continue;
          expect(row.start < next.start).toBe(true);
          expect(row.end <= next.start).toBe(true);
          expect(plusDays(row.end, 1) >= next.start).toBe(true);
        }
        expect(rows.at(-1)?.end).toBe(scenario.contract.end);
      }),
    );
  });

  it('end the day before the next one begins when the switch says so', () => {
    const periods = billingPeriods('2026-07-01', '2026-07-31', 2);
    const rows = changedRows(
      withRowsFrom([], '2026-07-01', periods, rates, 'day-before'),
      { effectiveDate: '2026-07-13', unitChange: 1 },
      'day-before',
    );
    expect(rows.map(({ start, end }) => [start, end])).toEqual([
      ['2026-07-01', '2026-07-12'],
      ['2026-07-13', '2026-07-31'],
    ]);
  });

  it('nest on a last day, as the real ones do', () => {
    const periods = billingPeriods('2026-07-01', '2026-08-31', 2);
    const rows = changedRows(
      withRowsFrom([], '2026-07-01', periods, rates, 'same-day'),
      { effectiveDate: '2026-07-31', unitChange: 3 },
      'same-day',
    );
    expect(rows.map(({ start, end, units }) => [start, end, units])).toEqual([
      ['2026-07-01', '2026-07-31', 0],
      ['2026-07-31', '2026-07-31', 3],
      ['2026-08-01', '2026-08-31', 3],
    ]);
  });
});

describe('billing periods', () => {
  it.each([
    ['monthly', 2, '2026-02-26', ['2026-01-26', '2026-02-26', '2026-03-26']],
    ['quarterly', 3, '2026-04-26', ['2026-01-26', '2026-04-26', '2026-07-26']],
    ['semi-annual', 4, '2026-07-26', ['2026-01-26', '2026-07-26', '2027-01-26']],
    ['yearly', 5, '2027-01-26', ['2026-01-26', '2027-01-26', '2028-01-26']],
  ])('are counted from the contract start: %s', (_name, periodType, second, starts) => {
    const periods = billingPeriods('2026-01-26', '2029-01-25', periodType);
    expect(periods.slice(0, 3).map(({ start }) => start)).toEqual(starts);
    expect(periods[0]?.end).toBe(plusDays(second, -1));
  });

  it('come back to the 31st after a short month', () => {
    const starts = billingPeriods('2026-01-31', '2026-05-30', 2).map(({ start }) => start);
    expect(starts).toEqual(['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30']);
  });

  it('end with the contract', () => {
    expect(billingPeriods('2026-07-01', '2026-08-10', 2).at(-1)).toEqual({ start: '2026-08-01', end: '2026-08-10' });
  });
});
