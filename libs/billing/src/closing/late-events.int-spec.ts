import type { LinePeriod, LineTarget, ProvisioningEvent } from '@trueup/contracts';
import { inTransaction } from '@trueup/persistence';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { histories } from '../projection/histories.fixture.js';
import { project, sentTargets, startedBilling } from '../projection/projection.fixture.js';
import { BillingQueries } from '../queries/billing-queries.js';
import { insertDefaultSettings } from '../settings/default-settings.js';
import { readTenantSettings } from '../settings/tenant-settings.js';
import { turnPeriods } from './begin-closing.js';
import { ALL_APPLIED } from './closing.fixture.js';
import { PeriodCloser } from './period-closer.js';

let database: DataSource;

beforeAll(async () => {
  database = await startedBilling();
});
afterAll(() => database.destroy());

const IN_MARCH = new Date('2026-03-20T12:00:00Z');
const IN_APRIL = new Date('2026-04-02T12:00:00Z');
const MARCH = '2026-03-31';

async function created(tenantId: string): Promise<void> {
  await inTransaction(database, (tx) => insertDefaultSettings(tx, tenantId, IN_MARCH));
}

async function closeMarch(tenantId: string): Promise<void> {
  const settings = (await readTenantSettings(database, [tenantId])).get(tenantId)!;
  await inTransaction(database, (tx) => turnPeriods(tx, settings, IN_APRIL));
  await new PeriodCloser({ database, now: () => IN_APRIL, positions: () => Promise.resolve(ALL_APPLIED) }).pass();
}

const frozenOf = async (tenantId: string): Promise<unknown> => {
  const queries = new BillingQueries(database, () => IN_APRIL);
  return [
    await queries.items(tenantId, 'tenant', MARCH, {}, { limit: 500 }),
    (await queries.summary(tenantId, 'tenant', MARCH, {}, { limit: 500 }))!.data,
    await queries.snapshots(tenantId, MARCH),
  ];
};

/** The last target of each line: what March would hold by now and what April holds; lines of nothing left out. */
async function levelsOf(tenantId: string): Promise<Map<string, unknown>> {
  const last = new Map((await sentTargets(database, tenantId)).map((target) => [nameOf(target), target.periods]));
  const held = [...last].filter(([, periods]) => periods.some(holds));
  return new Map(held.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, periods]) => [name, periods.map(countsOf)]));
}

const nameOf = ({ customerCode, sku, term, siteCode }: LineTarget): string => [customerCode, sku, term, siteCode].join(' ');
const countsOf = ({ id, restated, present, peak, steps }: LinePeriod) => ({ id, ...(restated ?? { present, peak, steps }) });
const holds = (period: LinePeriod): boolean => countsOf(period).present !== '0';

const worlds = histories.chain((events) =>
  fc.record({
    arrival: fc.shuffledSubarray(events, { minLength: events.length }),
    inTime: fc.integer({ min: 0, max: events.length }),
    size: fc.integer({ min: 1, max: 5 }),
  }),
);

describe('whatever comes after the close', () => {
  let run = 0;

  it('changes nothing that is frozen, and restates to what a period never closed would hold', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async ({ arrival, inTime, size }) => {
        const [closed, open] = [`ten_closed_${++run}`, `ten_open_${run}`];
        await Promise.all([created(closed), created(open)]);
        await project(database, closed, arrival.slice(0, inTime), IN_MARCH);
        await closeMarch(closed);
        const frozen = await frozenOf(closed);
        const late: ProvisioningEvent[] = arrival.slice(inTime);
        while (late.length > 0) await project(database, closed, late.splice(0, size), IN_APRIL);
        await project(database, open, arrival, IN_APRIL);
        expect(await frozenOf(closed)).toEqual(frozen);
        expect(await levelsOf(closed)).toEqual(await levelsOf(open));
      }),
      { numRuns: 40 },
    );
  });
});
