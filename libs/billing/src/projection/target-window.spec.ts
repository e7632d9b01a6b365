import { BillingCalendar } from '@trueup/domain';
import { describe, expect, it } from 'vitest';
import { targetWindow } from './target-window.js';

const calendar = new BillingCalendar([{ effectiveFrom: null, closeDay: 'month-end', timeZone: 'UTC' }]);
const live = calendar.between('2026-01-01', '2026-07-10');

function windowWith(closed: string[], differsFrom?: string) {
  const { periods, optional } = targetWindow({
    live,
    today: '2026-07-10',
    isClosed: (id) => closed.includes(id.slice(5, 7)),
    differsFromMs: differsFrom === undefined ? Infinity : Date.parse(differsFrom),
  });
  return { told: periods.map(({ id, state }) => `${id.slice(5, 7)} ${state}`), optional };
}

describe('targetWindow', () => {
  it('goes from the period of liveFrom to the current one, the ended ones closing', () => {
    expect(windowWith([]).told).toEqual([
      '01 closing',
      '02 closing',
      '03 closing',
      '04 closing',
      '05 closing',
      '06 closing',
      '07 open',
    ]);
  });

  it('keeps the last three closed periods', () => {
    expect(windowWith(['01', '02', '03', '04', '05'])).toEqual({
      told: ['03 closed', '04 closed', '05 closed', '06 closing', '07 open'],
      optional: 0,
    });
  });

  it('leaves no gap behind a period that is not closed', () => {
    expect(windowWith(['01', '03', '04', '05', '06']).told).toEqual([
      '02 closing',
      '03 closed',
      '04 closed',
      '05 closed',
      '06 closed',
      '07 open',
    ]);
  });

  it('looks back to where the line may differ from what was frozen', () => {
    const { told, optional } = windowWith(['01', '02', '03', '04', '05', '06'], '2026-02-28T23:59:59Z');
    expect([told[0], optional]).toEqual(['02 closed', 2]);
  });

  it('is empty while liveFrom lies in a period to come', () => {
    expect(targetWindow({ live: [], today: '2026-07-10', isClosed: () => false, differsFromMs: Infinity }).periods).toEqual([]);
  });
});
