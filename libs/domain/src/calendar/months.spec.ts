import { describe, expect, it } from 'vitest';
import { addMonths, daysInMonth, toEpochDay } from './months.js';

describe('addMonths', () => {
  it('clamps to the last day of a shorter month', () => {
    expect([addMonths('2026-01-31', 1), addMonths('2024-01-31', 1), addMonths('2026-03-31', -1)]).toEqual([
      '2026-02-28',
      '2024-02-29',
      '2026-02-28',
    ]);
  });

  it('crosses years in both directions', () => {
    expect([addMonths('2026-11-15', 3), addMonths('2026-01-15', -1), addMonths('2026-05-01', -17)]).toEqual([
      '2027-02-15',
      '2025-12-15',
      '2024-12-01',
    ]);
  });
});

describe('daysInMonth', () => {
  it('knows leap years of centuries', () => {
    expect(['2000-02-01', '1900-02-01', '2024-02-10', '2026-04-30', '2026-12-01'].map(daysInMonth)).toEqual([29, 28, 29, 30, 31]);
  });
});

describe('toEpochDay', () => {
  it('refuses a day that does not exist', () => {
    expect(() => toEpochDay('2026-02-30')).toThrow('not a calendar day: "2026-02-30"');
  });
});
