import { describe, expect, it } from 'vitest';
import { isEqualBaseline } from './equal-baseline.js';
import { closedThrough, sharedPeriods } from './shared-periods.js';
import { type WritesFromInput, writesFrom } from './writes-from.js';

const october = { id: '2026-10-31', start: '2026-10-01', end: '2026-11-01', state: 'closed' } as const;
const november = { id: '2026-11-30', start: '2026-11-01', end: '2026-12-01', state: 'open' } as const;
const input: WritesFromInput = {
  liveFrom: '2026-01-01',
  mappedFrom: ['2026-01-01'],
  adoptedFrom: null,
  resolvedFrom: null,
  confirmedThrough: null,
  periods: [october, november],
  prorate: true,
};

describe('writesFrom', () => {
  it('is the start of the oldest period when nothing else is later', () => {
    expect(writesFrom(input)).toBe('2026-10-01');
  });

  it('never lies in a confirmed period', () => {
    expect(writesFrom({ ...input, confirmedThrough: '2026-11-01' })).toBe('2026-11-01');
  });

  it('takes liveFrom as it is, prorating or not', () => {
    expect(writesFrom({ ...input, liveFrom: '2026-11-11', prorate: false })).toBe('2026-11-11');
  });

  it('takes the first mapping of the parts on its day', () => {
    expect(writesFrom({ ...input, mappedFrom: ['2026-11-20', '2026-11-12'] })).toBe('2026-11-12');
  });

  it('takes a mapping from the start of its period when the connection does not prorate', () => {
    expect(writesFrom({ ...input, mappedFrom: ['2026-11-12'], prorate: false })).toBe('2026-11-01');
  });

  it('takes an equal baseline on its day, or from the start of its period', () => {
    expect(writesFrom({ ...input, adoptedFrom: '2026-11-23' })).toBe('2026-11-23');
    expect(writesFrom({ ...input, adoptedFrom: '2026-11-23', prorate: false })).toBe('2026-11-01');
  });

  it('follows a resolution instead of the baseline before it, be it earlier or later', () => {
    expect(writesFrom({ ...input, adoptedFrom: '2026-11-23', resolvedFrom: '2026-11-05' })).toBe('2026-11-05');
    expect(writesFrom({ ...input, adoptedFrom: '2026-11-05', resolvedFrom: '2026-11-23' })).toBe('2026-11-23');
    expect(writesFrom({ ...input, resolvedFrom: '2026-11-23', prorate: false })).toBe('2026-11-01');
  });
});

describe('isEqualBaseline', () => {
  const ours = [{ from: '2026-11-01', quantity: '4' }];

  it('holds where both have the same level on the day', () => {
    expect(isEqualBaseline(ours, [{ from: '2026-05-01', quantity: '4' }], '2026-11-23')).toBe(true);
  });

  it('does not hold for another level', () => {
    expect(isEqualBaseline(ours, [{ from: '2026-05-01', quantity: '5' }], '2026-11-23')).toBe(false);
  });

  it('does not hold for nothing on both sides', () => {
    expect(isEqualBaseline([], [], '2026-11-23')).toBe(false);
  });
});

describe('sharedPeriods', () => {
  it('leaves out a period that one part has dropped', () => {
    expect(sharedPeriods([[october, november], [november]])).toEqual([november]);
  });

  it('keeps a period that one part does not have yet', () => {
    expect(sharedPeriods([[october], [october, november]])).toEqual([october, november]);
  });
});

describe('closedThrough', () => {
  it('is the end of the last period that all parts have closed', () => {
    expect(
      closedThrough([
        [october, november],
        [october, november],
      ]),
    ).toBe('2026-11-01');
  });

  it('is nothing while one part has it open', () => {
    expect(
      closedThrough([
        [october, november],
        [{ ...october, state: 'closing' }, november],
      ]),
    ).toBeNull();
  });
});
