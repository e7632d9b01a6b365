import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProvisioningEvent } from '@trueup/contracts';
import { eventSets } from '../fold/events.arbitrary.js';
import { ProjectorTwin } from '../fold/projector.twin.js';
import { BillingCalendar } from '../period/billing-calendar.js';
import { subtractQuantities, sumQuantities } from '../quantity-math.js';
import { Catalogue } from '../rows/catalogue.js';
import type { Holding } from '../rows/holding.js';
import { holdingsOf } from '../rows/holdings-of.js';
import { lineSchedule } from '../schedule/line-schedule.js';
import { causesOf } from './causes-of.js';
import { explainLine } from './explain-line.js';
import { itemsOf } from './items-of.js';
import { summaryOf } from './summary.js';

const TIME_ZONE = 'Europe/Berlin';
const PERIODS = new BillingCalendar([{ effectiveFrom: null, closeDay: 'month-end', timeZone: TIME_ZONE }])
  .between('2026-01-10', '2026-04-20')
  .map((period) => ({ ...period, state: 'open' as const }));
const CATALOGUE = new Catalogue([
  { serviceCode: 'office', planCode: null, sku: 'SKU-A', validFrom: '2026-03-10' },
  { serviceCode: '@user', planCode: null, sku: 'SKU-A', validFrom: '2020-01-01' },
]);
const NAMES = { customer: () => undefined, user: () => undefined };

function rowsAfter(events: readonly ProvisioningEvent[]): Holding[] {
  const twin = new ProjectorTwin();
  twin.take(events);
  const rules = { tenantId: 'ten_1', catalogue: CATALOGUE, timeZone: TIME_ZONE, today: '2026-04-20' };
  return [...twin.assignments.values()].flatMap((state) => holdingsOf(state, rules));
}

function linesAfter(events: readonly ProvisioningEvent[]): [string, Holding[]][] {
  return [
    ...Map.groupBy(
      rowsAfter(events).filter(({ billable }) => billable),
      ({ lineKey }) => lineKey!,
    ),
  ];
}

function eachLinePeriod(check: (lineKey: string, rows: Holding[], index: number, level: string) => void): void {
  fc.assert(
    fc.property(eventSets, (events) => {
      for (const [lineKey, rows] of linesAfter(events)) {
        const schedule = lineSchedule(rows, PERIODS, TIME_ZONE);
        schedule.forEach((period, index) => check(lineKey, rows, index, period.steps.at(-1)!.quantity));
      }
    }),
    { numRuns: 200 },
  );
}

describe('any set of events', () => {
  it('has a waterfall that sums to the target, and people whose counted deltas do', () => {
    eachLinePeriod((lineKey, rows, index, level) => {
      const { quantity, waterfall, people } = explainLine(lineKey, rows, PERIODS[index]!, TIME_ZONE, NAMES);
      const sums = [
        sumQuantities(waterfall.map((part) => part.quantity)),
        sumQuantities(people.filter(({ counted }) => counted).map(({ delta }) => delta)),
      ];
      expect([quantity, ...sums]).toEqual([level, level, level]);
    });
  });

  it('carries into a period what the one before it ended with', () => {
    eachLinePeriod((lineKey, rows, index, level) => {
      const next = PERIODS[index + 1];
      if (next === undefined) return;
      const carried = explainLine(lineKey, rows, next, TIME_ZONE, NAMES).waterfall.find(({ code }) => code === 'CARRIED');
      expect(carried?.quantity ?? '0').toBe(level);
    });
  });

  it('carries what the period before was closed with, and tells what came late besides', () => {
    fc.assert(
      fc.property(eventSets, fc.nat(), (events, cut) => {
        const frozenLines = new Map(linesAfter(events.slice(0, cut % events.length)));
        const lines = new Map(linesAfter(events));
        for (const lineKey of new Set([...frozenLines.keys(), ...lines.keys()])) {
          const [rows, frozen] = [lines.get(lineKey) ?? [], frozenLines.get(lineKey) ?? []];
          const [, period] = PERIODS;
          const { quantity, waterfall, people } = explainLine(lineKey, rows, period!, TIME_ZONE, NAMES, frozen);
          const level = (of: Holding[], index: number) => lineSchedule(of, PERIODS, TIME_ZONE)[index]!.steps.at(-1)!.quantity;
          const part = (code: string) => waterfall.find((one) => one.code === code)?.quantity ?? '0';
          expect([quantity, sumQuantities(people.map(({ delta }) => delta))]).toEqual([level(rows, 1), level(rows, 1)]);
          expect([part('CARRIED'), part('LATE')]).toEqual([
            level(frozen, 0),
            subtractQuantities(level(rows, 0), level(frozen, 0)),
          ]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('has items whose quantities, while held, sum to the target', () => {
    eachLinePeriod((_lineKey, rows, index, level) => {
      const items = itemsOf(rows, PERIODS[index]!, TIME_ZONE, NAMES);
      const held = items.filter(({ action, billable }) => action !== 'removed' && billable);
      expect(sumQuantities(held.map(({ quantity }) => quantity))).toBe(level);
    });
  });

  it('has a summary whose difference leads from the last target to this one', () => {
    eachLinePeriod((_lineKey, rows, index, level) => {
      const { lastCount, difference, thisCount } = summaryOf(rows, PERIODS[index]!, TIME_ZONE);
      expect([thisCount, sumQuantities([lastCount, difference])]).toEqual([level, level]);
    });
  });

  it('has causes that sum to the change of every row when more events come to be known', () => {
    fc.assert(
      fc.property(eventSets, fc.nat(), (events, cut) => {
        const before = new Map(rowsAfter(events.slice(0, cut % events.length)).map((row) => [keyOf(row), row]));
        const after = new Map(rowsAfter(events).map((row) => [keyOf(row), row]));
        for (const key of new Set([...before.keys(), ...after.keys()])) {
          const [old, now] = [before.get(key), after.get(key)];
          const change = subtractQuantities(lastLevel(now), lastLevel(old));
          expect(sumQuantities(causesOf(old, now).map(({ delta }) => delta))).toBe(change);
        }
      }),
      { numRuns: 200 },
    );
  });
});

function keyOf({ identity, rowKey }: Holding): string {
  return JSON.stringify([identity, rowKey]);
}

function lastLevel(row: Holding | undefined): string {
  return row === undefined || !row.billable || row.lastTo !== null ? '0' : row.intervals.at(-1)!.steps.at(-1)!.quantity;
}
