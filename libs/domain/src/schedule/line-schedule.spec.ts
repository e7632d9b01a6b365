import { describe, expect, it } from 'vitest';
import type { QuantityStep } from '../fold/assignment-state.js';
import type { HeldInterval, Holding } from '../rows/holding.js';
import { lineSchedule } from './line-schedule.js';

const PERIODS = [
  { id: '2026-02-28', start: '2026-02-01', end: '2026-03-01', state: 'closing' as const },
  { id: '2026-03-31', start: '2026-03-01', end: '2026-04-01', state: 'open' as const },
];

/** An interval told as instants and quantities of March 2026, e.g. `['02T12:00', '1', '09T08:00', 'removed']`. */
type Told = [from: string, quantity: string, to?: string, closed?: HeldInterval['closed']];

const instant = (text: string) => `${text.length > 8 ? text : `2026-03-${text}`}:00.000Z`;

function holding(...intervals: Told[]): Holding {
  return { billable: true, reason: null, intervals: intervals.map(toInterval) } as unknown as Holding;
}

function toInterval([from, quantity, to, closed = 'removed']: Told): HeldInterval {
  const steps: QuantityStep[] = [{ at: instant(from), quantity, eventId: 'e', actor: {} }];
  const end = to === undefined ? {} : { to: instant(to), closed };
  const names = { serviceName: '', planCode: '', planName: '' };
  return { from: instant(from), fromEventId: 'e', fromActor: {}, opened: 'assigned', ...names, steps, ...end };
}

const march = (...holdings: Holding[]) => lineSchedule(holdings, PERIODS, 'UTC')[1]!;

describe('lineSchedule', () => {
  it('carries the level over a period in which nothing happens, and shows 0 before anything was held', () => {
    expect(lineSchedule([holding(['2026-02-10T09:00', '2'])], PERIODS, 'UTC').map(({ steps }) => steps)).toEqual([
      [
        { from: '2026-02-01', quantity: '0' },
        { from: '2026-02-10', quantity: '2' },
      ],
      [{ from: '2026-03-01', quantity: '2' }],
    ]);
  });

  it('takes the level at the end of each local day, and no step for what comes and goes within one', () => {
    const schedule = march(
      holding(['02T12:00', '1', '02T18:00']),
      holding(['03T10:00', '1']),
      holding(['03T11:00', '1', '04T09:00']),
    );
    expect(schedule).toMatchObject({
      steps: [
        { from: '2026-03-01', quantity: '0' },
        { from: '2026-03-03', quantity: '2' },
        { from: '2026-03-04', quantity: '1' },
      ],
      present: '3',
      peak: '2',
      removed: '2',
    });
  });

  it('dates a step by the local day of the zone', () => {
    const [, period] = lineSchedule([holding(['02T23:30', '1'])], PERIODS, 'Europe/Berlin');
    expect(period!.steps.at(-1)).toEqual({ from: '2026-03-03', quantity: '1' });
  });

  it('dates a step by the zone that the period had when it began, whatever the zone is now', () => {
    const [february, second] = [
      { ...PERIODS[0]!, timeZone: 'UTC' },
      { ...PERIODS[1]!, timeZone: 'Pacific/Auckland' },
    ];
    const rows = [holding(['2026-02-10T20:00', '1']), holding(['10T20:00', '1'])];
    expect(lineSchedule(rows, [february, second], 'Pacific/Auckland').map(({ steps }) => steps.at(-1)!.from)).toEqual([
      '2026-02-10',
      '2026-03-11',
    ]);
  });

  it('takes the end of the first day for the first step', () => {
    expect(march(holding(['2026-02-10T09:00', '2', '01T00:00'])).steps).toEqual([{ from: '2026-03-01', quantity: '0' }]);
  });

  it('counts what ends in the first instant as removed, and neither present nor at the peak', () => {
    expect(march(holding(['2026-02-10T09:00', '2', '01T00:00']))).toMatchObject({ present: '0', peak: '0', removed: '2' });
  });

  it('counts a person who leaves and comes back once as present', () => {
    expect(march(holding(['02T12:00', '1', '03T12:00'], ['05T12:00', '1']))).toMatchObject({
      present: '1',
      peak: '1',
      removed: '1',
    });
  });

  it('counts an exchange in one instant as one at a time', () => {
    expect(march(holding(['02T12:00', '1', '03T12:00']), holding(['03T12:00', '1']))).toMatchObject({ present: '2', peak: '1' });
  });

  it('counts a plan change away from the line as no removal', () => {
    expect(march(holding(['02T12:00', '4', '03T12:00', 'changed']))).toMatchObject({ present: '4', removed: '0' });
  });

  it('adds decimals exactly', () => {
    expect(march(holding(['02T12:00', '0.1']), holding(['02T12:00', '0.2']), holding(['02T12:00', '0.7']))).toMatchObject({
      peak: '1',
    });
  });

  it('ends in 0 for a line of which nothing is left', () => {
    expect(march().steps).toEqual([{ from: '2026-03-01', quantity: '0' }]);
  });
});
