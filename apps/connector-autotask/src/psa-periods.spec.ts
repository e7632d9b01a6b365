import { addDays } from '@trueup/connector-sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addMonths, periodStartFrom, periodStartOf } from './psa-periods.js';

const contract = { id: 1, start: '2026-01-31', end: '2027-01-30', periodMonths: 1 };

describe("Autotask's periods", () => {
  it('begin on the contract day, or on the last of a shorter month', () => {
    expect([0, 1, 2, 3].map((n) => addMonths('2026-01-31', n))).toEqual(['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30']);
    expect([addMonths('2024-01-31', 1), addMonths('2026-11-30', 3), addMonths('2026-07-26', 12)]).toEqual([
      '2024-02-29',
      '2027-02-28',
      '2027-07-26',
    ]);
  });

  it('part every day of the contract, without gap or overlap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 364 }), fc.constantFrom(1, 3, 6, 12), (offset, periodMonths) => {
        const day = addDays(contract.start, offset);
        const start = periodStartOf({ ...contract, periodMonths }, day);
        const next = periodStartFrom({ ...contract, periodMonths }, addDays(day, 1));
        expect(start <= day).toBe(true);
        expect(periodStartFrom({ ...contract, periodMonths }, start)).toBe(start);
        if (next !== undefined) expect(periodStartOf({ ...contract, periodMonths }, addDays(next, -1))).toBe(start);
      }),
    );
  });

  it('are over with the contract', () => {
    expect(periodStartFrom(contract, '2026-12-31')).toBe('2026-12-31');
    expect(periodStartFrom(contract, '2027-01-01')).toBeUndefined();
  });
});
