import type { LinePeriod, Step } from '@trueup/contracts';
import { BillingCalendar } from '@trueup/domain';
import { describe, expect, it } from 'vitest';
import type { TenantSettings } from '../settings/tenant-settings.js';
import type { TargetContent } from './line-rows.js';
import { changeBetween, isNews, targetPeriods } from './target-content.js';

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

function settings(liveFrom: string): TenantSettings {
  const setting = { effectiveFrom: null, closeDay: 'month-end' as const, timeZone: 'UTC' };
  const current = { ...setting, graceHours: 1, liveFrom };
  return { tenantId: 't', settingId: '1', history: [setting], calendar: new BillingCalendar([setting]), current };
}

describe('isNews', () => {
  it('is what differs from the last target, whatever the order of its keys', () => {
    const turned = JSON.parse(JSON.stringify({ periods: held.periods, payers: held.payers })) as TargetContent;
    expect([isNews(held, turned), isNews(held, longer), isNews(null, held)]).toEqual([false, true, true]);
  });

  it('is never a first target of nothing, but a last one', () => {
    expect([isNews(null, empty), isNews(held, empty)]).toEqual([false, true]);
  });
});

describe('changeBetween', () => {
  it('names the first day on which the level differs, and the last levels', () => {
    expect(changeBetween(null, held)).toEqual({ from: '2026-03-05', previousQuantity: '0', quantity: '2' });
    expect(changeBetween(held, empty)).toEqual({ from: '2026-03-05', previousQuantity: '2', quantity: '0' });
  });

  it('names the newest period when only a period was added', () => {
    expect(changeBetween(held, longer)).toEqual({ from: '2026-04-01', previousQuantity: '2', quantity: '2' });
  });
});

describe('targetPeriods', () => {
  it('goes from the period of liveFrom to the current one, the ended ones closing', () => {
    const periods = targetPeriods(settings('2026-02-14'), '2026-03-31');
    expect(periods.map(({ id, state }) => [id, state])).toEqual([
      ['2026-02-28', 'closing'],
      ['2026-03-31', 'open'],
    ]);
  });

  it('is empty while liveFrom lies in a period to come', () => {
    expect(targetPeriods(settings('2026-04-01'), '2026-03-31')).toEqual([]);
  });
});
