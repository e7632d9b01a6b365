import { type LineTarget, type Quantity, addDays, levelOn } from '@trueup/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumQuantities } from '../quantity-math.js';
import { type ConnectionMappings, placeOn } from './agreement-place.js';
import { offsetOn } from './adopted-offset.js';
import { agreementSchedule, scheduleFrom } from './agreement-schedule.js';
import { contributionsOf } from './contributions-of.js';

const day = (offset: number): string => addDays('2026-10-01', offset);
const periods = [0, 30, 60].map((start) => ({ start: day(start), end: day(start + 30), id: day(start + 29) }));
const today = day(85);

const quantities = fc.constantFrom('0', '1', '2', '7.5', '12', '0.000001', '100000000000');
const changes = fc.uniqueArray(fc.record({ at: fc.nat(89), quantity: quantities }), {
  selector: (change) => change.at,
  maxLength: 8,
});
const rows = fc.uniqueArray(fc.record({ at: fc.integer({ min: -20, max: 95 }), to: fc.constantFrom('7', '8', null) }), {
  selector: (row) => row.at,
  maxLength: 4,
});
const payers = fc.uniqueArray(fc.record({ at: fc.nat(89), reseller: fc.boolean() }), {
  selector: (move) => move.at,
  maxLength: 2,
});
const lines = fc.array(fc.record({ customerCode: fc.constantFrom('C1', 'C2'), changes, payers }), { minLength: 1, maxLength: 5 });
const worlds = fc.record({ lines, c1: rows, c2: rows, r1: rows, products: rows });
type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

function targetOf(line: World['lines'][number], index: number): LineTarget {
  const schedule = line.changes
    .map(({ at, quantity }) => ({ from: day(at), quantity }))
    .sort((a, b) => (a.from < b.from ? -1 : 1));
  const moves = line.payers.map(({ at, reseller }) => ({
    from: day(at),
    ...(reseller ? { billedBy: 'reseller' as const, resellerCode: 'R1' } : { billedBy: 'provider' as const }),
  }));
  return {
    tenantId: 'ten_1',
    lineKey: `ln_${index}`,
    customerCode: line.customerCode,
    payers: [{ from: '0001-01-01', billedBy: 'provider' }, ...moves.sort((a, b) => (a.from < b.from ? -1 : 1))],
    sku: 'E3',
    term: '',
    billingPlan: '',
    siteCode: '',
    targetVersion: 1,
    endOfSet: true,
    periods: periods.map((period) => ({
      ...period,
      state: 'open' as const,
      present: '0',
      peak: '0',
      removed: '0',
      steps: [
        { from: period.start, quantity: levelOn(schedule, period.start) },
        ...schedule.filter((step) => step.from > period.start && step.from < period.end),
      ],
    })),
    changed: { from: day(0), previousQuantity: '0', quantity: '0' },
    causes: [],
    causeCount: 0,
  };
}

function mappingsOf(world: World): ConnectionMappings {
  const customers = (['c1', 'c2', 'r1'] as const).flatMap((code) =>
    world[code].map(({ at, to }) => ({
      customerCode: code.toUpperCase(),
      connectionId: 'con_1',
      validFrom: day(at),
      billingIdentifier: to,
      agreementRef: null,
    })),
  );
  const products = world.products.map(({ at, to }) => ({
    sku: 'E3',
    connectionId: 'con_1',
    term: '',
    billingPlan: '',
    siteCode: '',
    validFrom: day(at),
    psaProductRef: to,
    agreementRef: null,
  }));
  return { connectionId: 'con_1', customers, products };
}

/** The total of all agreement lines on a day; lines that nothing bills today are left out on both sides. */
function totals(world: World, prorate: boolean, on: string, placeDay: string): { billed: Quantity; held: Quantity } {
  const mappings = mappingsOf(world);
  const mapped = world.lines.map(targetOf).flatMap((target) => {
    const contributions = contributionsOf(target, mappings, { prorate, counting: 'active' }, today);
    return typeof contributions === 'string' ? [] : [{ target, contributions }];
  });
  const groups = Map.groupBy(
    mapped.flatMap(({ contributions }) => contributions),
    ({ place }) => place.agreementLineKey,
  );
  const billed = [...groups.values()].map((parts) => levelOn(agreementSchedule(parts.map((part) => part.steps)), on));
  const held = mapped
    .filter(({ target }) => typeof placeOn(target, mappings, placeDay) !== 'string')
    .map(({ target }) =>
      levelOn(target.periods.find((period) => on >= period.start && on < period.end)!.steps, prorate ? on : day(89)),
    );
  return { billed: sumQuantities(billed), held: sumQuantities(held) };
}

describe('agreement lines', () => {
  it('hold together every unit of their lines on every day that has come, wherever mappings and payers change', () => {
    fc.assert(
      fc.property(worlds, fc.nat(85), (world, offset) => {
        const { billed, held } = totals(world, true, day(offset), day(offset));
        expect(billed).toBe(held);
      }),
      { numRuns: 400 },
    );
  });

  it('hold together every unit of every period when the connection does not prorate', () => {
    fc.assert(
      fc.property(worlds, fc.constantFrom(...periods), (world, period) => {
        const lastDay = period.id < today ? period.id : today;
        const { billed, held } = totals(world, false, period.start, lastDay);
        expect(billed).toBe(held);
      }),
      { numRuns: 400 },
    );
  });

  it('keep every level from the first day of writing on, whatever collapses before it', () => {
    fc.assert(
      fc.property(changes, fc.nat(89), fc.nat(89), (steps, from, on) => {
        const all = steps
          .map(({ at, quantity }) => ({ from: day(at), quantity, periodId: 'p' }))
          .sort((a, b) => (a.from < b.from ? -1 : 1));
        const kept = scheduleFrom(all, day(from));
        expect(kept.every((step) => step.from >= day(from))).toBe(true);
        if (on >= from) expect(levelOn(kept, day(on))).toBe(levelOn(all, day(on)));
      }),
    );
  });
});

describe('agreementSchedule', () => {
  const step = (from: string, quantity: string, periodId = '2026-11-30') => ({ from, quantity, periodId });

  it('sums decimals exactly', () => {
    const parts = [[step('2026-11-01', '0.1')], [step('2026-11-01', '0.2')]];
    expect(agreementSchedule(parts)).toEqual([step('2026-11-01', '0.3')]);
  });

  it('keeps the last level of a part that does not know the newest period yet', () => {
    const parts = [[step('2026-11-01', '1')], [step('2026-11-01', '1'), step('2026-12-01', '2', '2026-12-31')]];
    expect(agreementSchedule(parts)).toEqual([step('2026-11-01', '2'), step('2026-12-01', '3', '2026-12-31')]);
  });

  it('keeps a step at the start of each period though the level stays', () => {
    const steps = [step('2026-11-01', '1'), step('2026-12-01', '1', '2026-12-31')];
    expect(agreementSchedule([steps])).toEqual(steps);
  });

  it('adds an adopted offset from its day on', () => {
    const adopted = { offsets: [{ units: '-1', from: '2026-11-10' }], today: '2026-11-23' };
    expect(agreementSchedule([[step('2026-11-01', '4')]], adopted)).toEqual([step('2026-11-01', '4'), step('2026-11-10', '3')]);
  });

  it('ends an offset on its last day, not before that day has come', () => {
    const offsets = [{ units: '2', from: '2026-11-10', to: '2026-11-20' }];
    const on = (today: string) => agreementSchedule([[step('2026-11-01', '4')]], { offsets, today });
    expect(on('2026-11-09')).toEqual([step('2026-11-01', '4')]);
    expect(on('2026-11-19')).toEqual([step('2026-11-01', '4'), step('2026-11-10', '6')]);
    expect(on('2026-11-20')).toEqual([step('2026-11-01', '4'), step('2026-11-10', '6'), step('2026-11-20', '4')]);
  });

  it('counts rows and offset of every day that has come, whatever was adopted', () => {
    const offsets = fc.array(
      fc.record({
        units: fc.constantFrom('-3', '0', '2', '7.5'),
        at: fc.nat(89),
        length: fc.option(fc.integer({ min: 1, max: 40 })),
      }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(changes, offsets, fc.nat(89), fc.nat(89), (steps, adopted, now, before) => {
        const rowSteps = [
          { from: day(0), quantity: '0', periodId: 'p' },
          ...steps.filter(({ at }) => at > 0).map(({ at, quantity }) => ({ from: day(at), quantity, periodId: 'p' })),
        ].sort((a, b) => (a.from < b.from ? -1 : 1));
        const dated = adopted.map(({ units, at, length }) => ({
          ...{ units, from: day(at) },
          ...(length !== null && { to: day(at + length) }),
        }));
        const on = day(Math.min(before, now));
        const sum = levelOn(agreementSchedule([rowSteps], { offsets: dated, today: day(now) }), on);
        expect(sum).toBe(sumQuantities([levelOn(rowSteps, on), offsetOn(dated, on)]));
      }),
      { numRuns: 300 },
    );
  });
});
