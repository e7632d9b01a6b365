import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ProvisioningEvent, type Quantity, levelOn } from '@trueup/contracts';
import { BillingCalendar } from '../period/billing-calendar.js';
import { Catalogue, type CatalogueEntry } from '../rows/catalogue.js';
import type { Holding } from '../rows/holding.js';
import { holdingsOf } from '../rows/holdings-of.js';
import { inOrder } from '../order/compare-order.js';
import { itemsOf } from '../explain/items-of.js';
import { lineSchedule } from '../schedule/line-schedule.js';
import { deliveriesOf, eventSets } from './events.arbitrary.js';
import { ProjectorTwin } from './projector.twin.js';
import { dayStarts, modelCounts, modelLines } from './reference-counts.model.js';

const TIME_ZONE = 'Europe/Berlin';
const TODAY = '2026-04-20';
const DAYS = dayStarts(TIME_ZONE, Date.parse('2025-12-28T00:00Z'), Date.parse('2026-05-20T00:00Z'));
const PERIODS = new BillingCalendar([
  { effectiveFrom: null, closeDay: 'month-end', timeZone: TIME_ZONE },
  { effectiveFrom: '2026-03-05', closeDay: 14, timeZone: TIME_ZONE },
])
  .between('2026-01-15', TODAY)
  .map((period) => ({ ...period, state: 'open' as const }));

const rowSets = fc.array(
  fc.record({
    serviceCode: fc.constantFrom('mail', 'office', '@user', '@domain'),
    planCode: fc.constantFrom(null, 'basic'),
    sku: fc.constantFrom('SKU-A', 'SKU-C'),
    term: fc.constantFrom(undefined, 'P1Y'),
    validFrom: fc.constantFrom('2020-01-01', '2026-02-14', '2026-03-29', '2026-04-01', '2026-04-21'),
  }),
  { maxLength: 4 },
);

function truthAfter(batches: readonly (readonly ProvisioningEvent[])[], entries: readonly CatalogueEntry[]) {
  const twin = new ProjectorTwin();
  for (const batch of batches) twin.take(batch);
  const catalogue = new Catalogue(entries);
  const rules = { tenantId: 'ten_1', catalogue, timeZone: TIME_ZONE, today: TODAY };
  const states = [...twin.assignments].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, state]) => state);
  return { twin, holdings: states.flatMap((state) => holdingsOf(state, rules)) };
}

function schedulesOf(holdings: readonly Holding[]) {
  const lines = Map.groupBy(
    holdings.filter(({ billable }) => billable),
    (row) => lineName(row),
  );
  return [...lines].map(([line, rows]) => ({ line, periods: lineSchedule(rows, PERIODS, TIME_ZONE) }));
}

function lineName({ sku, term, billingPlan, siteCode }: Holding): string {
  return [sku, term, billingPlan, siteCode].join('|');
}

function everything(batches: readonly (readonly ProvisioningEvent[])[], entries: readonly CatalogueEntry[]): string {
  const { twin, holdings } = truthAfter(batches, entries);
  const names = {
    customer: () => twin.customer?.names,
    user: (_customer: string, user: string) => twin.users.get(user)?.names,
  };
  const items = PERIODS.map((period) => itemsOf(holdings, period, TIME_ZONE, names));
  return JSON.stringify([twin.truth(), holdings, schedulesOf(holdings), items]);
}

function micros(quantity: Quantity): bigint {
  const [whole, fraction = ''] = quantity.split('.');
  return BigInt(`${whole}${fraction.padEnd(6, '0')}`);
}

describe('any order of arrival', () => {
  it('gives byte-equal states, rows, schedules and items, with any repetition and batching', () => {
    const cases = eventSets.chain((events) => fc.tuple(fc.constant(events), deliveriesOf(events), rowSets));
    fc.assert(
      fc.property(cases, ([events, batches, rows]) => {
        expect(everything(batches, rows)).toBe(everything([events], rows));
      }),
      { numRuns: 400 },
    );
  });

  it('never refolds what comes in order', () => {
    fc.assert(
      fc.property(eventSets, (events) => {
        const twin = new ProjectorTwin();
        for (const event of inOrder(events)) twin.take([event]);
        expect(twin.refolds).toBe(0);
      }),
    );
  });

  it('gives the counts of a model that replays all events up to each instant', () => {
    fc.assert(
      fc.property(eventSets, rowSets, (events, rows) => {
        const given = { events, rows, today: TODAY };
        const schedules = new Map(schedulesOf(truthAfter([events], rows).holdings).map((one) => [one.line, one.periods]));
        for (const line of modelLines(given, DAYS)) {
          for (const period of schedules.get(line) ?? expect.fail(`no schedule for ${line}`)) {
            const model = modelCounts(given, DAYS, period.start, period.end, line);
            const ours = {
              levels: model.levels.map(({ date }) => ({ date, level: micros(levelOn(period.steps, date)) })),
              present: micros(period.present),
              peak: micros(period.peak),
              removed: micros(period.removed),
            };
            expect({ line, period: period.id, ...ours }).toEqual({ line, period: period.id, ...model });
          }
        }
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});
