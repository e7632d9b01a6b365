import { sumQuantities } from '@trueup/domain';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { histories } from '../projection/histories.fixture.js';
import { assigned, eventOf, NOW, project, startedBilling } from '../projection/projection.fixture.js';
import { BillingQueries } from './billing-queries.js';
import type { TimelineEntry, TimelineFilters } from './timeline-entry.js';

let database: DataSource;
let queries: BillingQueries;
beforeAll(async () => {
  database = await startedBilling();
  queries = new BillingQueries(database, () => NOW);
});
afterAll(() => database.destroy());

async function timeline(tenantId: string, customer: string, filters: TimelineFilters = {}): Promise<TimelineEntry[]> {
  const entries: TimelineEntry[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await queries.timeline(tenantId, 'tenant', customer, filters, { limit: 2, ...(cursor && { cursor }) });
    entries.push(...(page?.data ?? []));
    cursor = page?.nextCursor ?? null;
  }
  return entries;
}

describe('the timeline of a customer', () => {
  const tenantId = 'ten_time';
  const by = { actorname: 'Desk', onbehalfof: 'Boss', ticket: 'T-1' };
  beforeAll(async () => {
    await project(database, tenantId, [
      eventOf('c', '2026-03-01T00:00:00Z', 'C1', 'customer.created', { name: 'Old Ltd' }),
      eventOf('u', '2026-03-02T00:00:00Z', 'C1', 'user.created', { userCode: 'ann', name: 'Ann' }),
      { ...assigned('a', '2026-03-05T09:00:00Z', 'C1', 'ann'), ...by },
      assigned('b', '2026-03-05T10:00:00Z', 'C1', 'ann', { serviceCode: 't' }),
      eventOf('r', '2026-03-06T00:00:00Z', 'C1', 'customer.renamed', { name: 'New Ltd' }),
      eventOf('x', '2026-03-07T00:00:00Z', 'C1', 'user.removed', { userCode: 'ann' }),
    ]);
  });

  it('tells who changed what in order, with names then and now', async () => {
    const entries = await timeline(tenantId, 'C1');
    expect(entries.map(({ eventId }) => eventId)).toEqual(['c', 'u', 'a', 'b', 'r', 'x']);
    expect(entries[2]).toMatchObject({
      ...{ type: 'trueup.user.service.assigned.v1', occurredAt: '2026-03-05T09:00:00Z', userCode: 'ann', userNameThen: 'Ann' },
      ...{ customerName: 'New Ltd', customerNameThen: 'Old Ltd', serviceCode: 's', ticket: 'T-1' },
      actor: { name: 'Desk', onBehalfOf: 'Boss' },
    });
    expect(entries[4]!.customerNameThen).toBe('New Ltd');
  });

  it('tells what an event did to lines, a removal all that it ended', async () => {
    const entries = await timeline(tenantId, 'C1');
    const told = entries.map(({ effects }) => effects.map(({ sku, code, units }) => `${sku} ${code} ${units}`));
    expect(told).toEqual([[], [], ['SKU-s ADDED 1'], ['SKU-s ADDED 1'], [], ['SKU-s REMOVED -2']]);
  });

  it('is narrowed by days, user and service', async () => {
    const ids = async (filters: TimelineFilters) => (await timeline(tenantId, 'C1', filters)).map(({ eventId }) => eventId);
    expect(await ids({ from: '2026-03-05', to: '2026-03-05' })).toEqual(['a', 'b']);
    expect(await ids({ user: 'ann', to: '2026-03-05' })).toEqual(['u', 'a', 'b']);
    expect(await ids({ service: 't' })).toEqual(['b']);
  });

  it('is there for nobody whose reach does not hold the customer', async () => {
    const page = { limit: 10 };
    expect(await queries.timeline(tenantId, { customerCodes: ['C2'] }, 'C1', {}, page)).toBeNull();
    expect(await queries.timeline('ten_other', 'tenant', 'C1', {}, page)).toBeNull();
  });

  let run = 0;
  it('has effects that sum to what every line holds', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (events) => {
        const tenant = `ten_effects_${++run}`;
        await project(database, tenant, events);
        const effects = (await Promise.all(['C1', 'C2'].map((code) => timeline(tenant, code))))
          .flat()
          .flatMap((one) => one.effects);
        const lines = (await queries.lines(tenant, 'tenant', 'current', {}, { limit: 100 }))!.data;
        const sums = lines.map(({ lineKey }) =>
          sumQuantities(effects.filter((effect) => effect.lineKey === lineKey).map(({ units }) => units)),
        );
        expect(sums).toEqual(lines.map(({ quantity }) => quantity));
      }),
      { numRuns: 25 },
    );
  });
});
