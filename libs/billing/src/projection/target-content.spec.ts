import type { LinePeriod, Step } from '@trueup/contracts';
import { describe, expect, it } from 'vitest';
import type { TargetContent } from './line-rows.js';
import { changeBetween, isNews } from './target-content.js';

function content(...months: { month: string; steps: Step[]; present?: string }[]): TargetContent {
  const periods = months.map(({ month, steps, present = '0' }): LinePeriod => {
    return {
      id: `${month}-28`,
      start: `${month}-01`,
      end: `${month}-29`,
      state: 'open',
      present,
      peak: present,
      removed: '0',
      steps,
    };
  });
  return { payers: [{ from: '0001-01-01', billedBy: 'provider' }], periods };
}

const empty = content({ month: '2026-03', steps: [{ from: '2026-03-01', quantity: '0' }] });
const held = content({
  month: '2026-03',
  present: '2',
  steps: [
    { from: '2026-03-01', quantity: '0' },
    { from: '2026-03-05', quantity: '2' },
  ],
});
const longer = {
  ...held,
  periods: [
    ...held.periods,
    ...content({ month: '2026-04', present: '2', steps: [{ from: '2026-04-01', quantity: '2' }] }).periods,
  ],
};

describe('isNews', () => {
  it('is what differs from the last target, whatever the order of its keys', () => {
    const turned = JSON.parse(JSON.stringify({ periods: held.periods, payers: held.payers })) as TargetContent;
    expect([isNews(held, turned), isNews(held, longer), isNews(null, held)]).toEqual([false, true, true]);
  });

  it('is never a first target of nothing, but a last one', () => {
    expect([isNews(null, empty), isNews(held, empty)]).toEqual([false, true]);
  });

  it('is a first target that only restates a closed period', () => {
    const restated = { present: '1', peak: '1', steps: [{ from: '2026-03-01', quantity: '1' }] };
    expect(isNews(null, { ...empty, periods: empty.periods.map((period) => ({ ...period, restated })) })).toBe(true);
  });
});

describe('changeBetween', () => {
  it('names the first day on which the level differs, and the last levels', () => {
    expect(changeBetween(null, held)).toEqual({ from: '2026-03-05', previousQuantity: '0', quantity: '2' });
    expect(changeBetween(held, empty)).toEqual({ from: '2026-03-05', previousQuantity: '2', quantity: '0' });
  });

  it('does not take a period that is no longer carried for a change', () => {
    const { periods } = longer;
    expect(changeBetween(longer, { ...longer, periods: periods.slice(1) })).toEqual({
      from: '2026-04-01',
      previousQuantity: '2',
      quantity: '2',
    });
    const lower = content({ month: '2026-04', steps: [{ from: '2026-04-01', quantity: '1' }] });
    expect(changeBetween(longer, lower)).toEqual({ from: '2026-04-01', previousQuantity: '2', quantity: '1' });
  });

  it('names the newest period when only a period was added', () => {
    expect(changeBetween(held, longer)).toEqual({ from: '2026-04-01', previousQuantity: '2', quantity: '2' });
  });
});
