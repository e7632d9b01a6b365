import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HeldInterval, Holding } from '../rows/holding.js';
import { movementsOf } from '../rows/movements-of.js';
import { continuedSchedule } from './continued-schedule.js';
import { lineSchedule } from './line-schedule.js';
import type { RowChange } from './new-movements.js';

const HOUR_MS = 3_600_000;
const START_MS = Date.parse('2026-01-30T00:00:00Z');
const HOURS = 24 * 64; // into April: past the last period
const ZONES = ['UTC', 'Europe/Berlin', 'Pacific/Auckland'];
const PERIODS = [
  { id: '2026-01-31', start: '2026-01-01', end: '2026-02-01' },
  { id: '2026-02-28', start: '2026-02-01', end: '2026-03-01' },
  { id: '2026-03-31', start: '2026-03-01', end: '2026-04-01' },
];
const open = PERIODS.map((period) => ({ ...period, state: 'open' as const }));

/** What happens to a row at an instant: it holds a quantity from then on, or ends; "0" ends it without a removal. */
interface Happening {
  row: number;
  hour: number;
  quantity: string;
  isRemoval: boolean;
}

const happening = fc.record({
  row: fc.integer({ min: 0, max: 3 }),
  // Whole days often: several rows meet in one instant, and at the edges of periods.
  hour: fc.oneof(
    fc.integer({ min: 0, max: HOURS }),
    fc.integer({ min: 0, max: HOURS / 24 }).map((day) => day * 24),
  ),
  quantity: fc.constantFrom('1', '2', '0.5', '0'),
  isRemoval: fc.boolean(),
});

const history = fc.uniqueArray(happening, { maxLength: 24, selector: ({ row, hour }) => `${row}/${hour}` });
const at = (hour: number): string => new Date(START_MS + hour * HOUR_MS).toISOString();

/** The rows after some happenings; a row without an interval does not exist. */
function rowsAfter(happenings: readonly Happening[]): Map<number, Holding> {
  const rows = Map.groupBy(happenings, ({ row }) => row);
  const holdings = [...rows].map(([row, own]) => [row, toHolding(own)] as const);
  return new Map(holdings.filter(([, { intervals }]) => intervals.length > 0));
}

function toHolding(happenings: readonly Happening[]): Holding {
  const intervals: HeldInterval[] = [];
  for (const { hour, quantity, isRemoval } of [...happenings].sort((a, b) => a.hour - b.hour)) {
    const last = intervals.at(-1);
    const isHeld = last !== undefined && last.to === undefined;
    if (isHeld && (isRemoval || quantity === '0'))
      Object.assign(last, { to: at(hour), closed: isRemoval ? 'removed' : 'emptied' });
    else if (isHeld) last.steps.push({ at: at(hour), quantity, eventId: 'e', actor: {} });
    else if (quantity !== '0') intervals.push(interval(at(hour), quantity));
  }
  return { billable: true, intervals } as unknown as Holding;
}

function interval(from: string, quantity: string): HeldInterval {
  const names = { serviceName: '', planCode: '', planName: '' };
  const steps = [{ at: from, quantity, eventId: 'e', actor: {} }];
  return { from, fromEventId: 'e', fromActor: {}, opened: 'assigned', ...names, steps };
}

const movements = (row: Holding | undefined) => (row === undefined ? [] : movementsOf(row));

function changesBetween(before: ReadonlyMap<number, Holding>, after: ReadonlyMap<number, Holding>): RowChange[] {
  return [...after.keys()].map((row) => ({ before: movements(before.get(row)), after: movements(after.get(row)) }));
}

const lastOf = (happenings: readonly Happening[]): number =>
  START_MS + Math.max(-1, ...happenings.map(({ hour }) => hour)) * HOUR_MS;

describe('continuedSchedule', () => {
  it('says what a count of all rows says, wherever a history is cut, or leaves it to that count', () => {
    let continuedRuns = 0;
    const cuts = fc.record({
      happenings: history,
      cut: fc.integer({ min: 0, max: HOURS }),
      shown: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(cuts, fc.constantFrom(...ZONES), ({ happenings, cut, shown }, timeZone) => {
        const earlier = happenings.filter(({ hour }) => hour <= cut);
        const [before, after] = [rowsAfter(earlier), rowsAfter(happenings)];
        // Periods may have begun since the line was counted last.
        const counted = lineSchedule([...before.values()], open.slice(0, shown), timeZone);
        fc.pre(lastOf(earlier) < Date.parse(`${PERIODS[shown - 1]!.end}T00:00:00Z`) - 24 * HOUR_MS);
        const told = { periods: counted, countedUntilMs: lastOf(earlier) };
        const continued = continuedSchedule(told, changesBetween(before, after), open, timeZone);
        expect(continued?.periods).toEqual(lineSchedule([...after.values()], open, timeZone));
        continuedRuns += 1;
      }),
      { numRuns: 3_000 },
    );
    expect(continuedRuns).toBeGreaterThan(1_000);
  });

  const row = (...intervals: HeldInterval[]): RowChange['before'] => movementsOf({ intervals } as unknown as Holding);
  const march = [open[2]!];
  const one = row(interval('2026-03-10T08:00:00.000Z', '1'));
  const nothing = { periods: lineSchedule([], march, 'UTC'), countedUntilMs: Date.parse('2026-03-01T00:00:00Z') };
  const counted = continuedSchedule(nothing, [{ before: [], after: one }], march, 'UTC')!;

  it('leaves a movement that is not the newest, or that is gone, to a count of all rows', () => {
    const told = { periods: counted.periods, countedUntilMs: Date.parse('2026-03-10T08:00:00.000Z') };
    const atOnce = row(interval('2026-03-10T08:00:00.000Z', '2'));
    expect(continuedSchedule(told, [{ before: [], after: atOnce }], march, 'UTC')).toBeNull();
    expect(continuedSchedule(told, [{ before: one, after: [] }], march, 'UTC')).toBeNull();
  });

  it('does not go on behind a movement that lies ahead of the last period', () => {
    const ahead = row(interval('2026-04-02T08:00:00.000Z', '1'));
    expect(continuedSchedule(nothing, [{ before: [], after: ahead }], march, 'UTC')).toEqual({
      periods: nothing.periods,
      countedUntilMs: null,
    });
  });

  it('keeps a closed period as it was told, and leaves a movement in it to a count of all rows', () => {
    const closed = { ...open[1]!, state: 'closed' as const };
    const frozen = { ...lineSchedule([], [closed], 'UTC')[0]!, present: '7', peak: '7' };
    const told = { periods: [frozen, ...counted.periods], countedUntilMs: counted.countedUntilMs! };
    const late = row(interval('2026-02-10T08:00:00.000Z', '1'));
    const next = row(interval('2026-03-11T08:00:00.000Z', '1'));
    const periods = [closed, open[2]!];
    expect(continuedSchedule({ ...told, countedUntilMs: 0 }, [{ before: [], after: late }], periods, 'UTC')).toBeNull();
    expect(continuedSchedule(told, [{ before: [], after: next }], periods, 'UTC')?.periods).toMatchObject([
      { state: 'closed', present: '7' },
      { present: '2', peak: '2' },
    ]);
  });

  it.each([
    ['a period was closed since', [{ ...open[2]!, state: 'closed' as const }]],
    ['an earlier period is wanted', open.slice(1)],
  ])('leaves it to a count of all rows when %s', (_what, periods) => {
    const told = { periods: counted.periods, countedUntilMs: counted.countedUntilMs! };
    expect(continuedSchedule(told, [], periods, 'UTC')).toBeNull();
  });
});
