import type { Item } from '@trueup/contracts';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assigned, eventOf, NOW, project, startedBilling, unassigned } from '../projection/projection.fixture.js';
import { linesOfService } from '../settings/catalogue.js';
import { BillingQueries } from './billing-queries.js';
import type { ItemFilters } from './item-query.js';
import { findKnownEvents } from './known-events.js';
import { MalformedCursor } from './page.js';

const TENANT = 'ten_queries';
const desk = { actorid: 'p1', actorname: 'Desk' };

let database: DataSource;
let queries: BillingQueries;

beforeAll(async () => {
  database = await startedBilling();
  queries = new BillingQueries(database, () => NOW);
  await project(database, TENANT, [
    eventOf('c1', '2026-01-05T08:00:00Z', 'C1', 'customer.created', {
      name: 'Old name',
      resellerCode: 'R1',
      billedBy: 'reseller',
    }),
    eventOf('c1r', '2026-03-05T08:00:00Z', 'C1', 'customer.renamed', { name: 'New name' }),
    { ...assigned('held', '2026-01-10T09:00:00Z', 'C1', 'ann'), ...desk },
    assigned('left', '2026-01-11T09:00:00Z', 'C1', 'bob'),
    unassigned('leaves', '2026-03-07T09:00:00Z', 'C1', 'bob'),
    assigned('joins', '2026-03-08T09:00:00Z', 'C1', 'cid'),
    assigned('plain', '2026-03-08T09:00:00Z', 'C1', 'dan', { sku: undefined }),
    assigned('other', '2026-03-09T09:00:00Z', 'C2', 'eve', { sku: 'OTHER' }),
  ]);
});
afterAll(() => database.destroy());

async function items(filters: ItemFilters, period = 'current'): Promise<Item[]> {
  return (await queries.items(TENANT, 'tenant', period, filters, { limit: 50 }))!.data;
}
const usersOf = (found: Item[]) => found.map(({ userCode }) => userCode);

describe('items', () => {
  it('tell what was carried, added and removed, with the names then and now', async () => {
    expect((await items({ customer: 'C1' })).map(({ userCode, action }) => [userCode, action])).toEqual([
      ['ann', 'carried'],
      ['bob', 'removed'],
      ['cid', 'added'],
      ['dan', 'added'],
    ]);
    expect((await items({ user: 'ann' }))[0]).toMatchObject({ customerName: 'New name', customerNameThen: 'Old name' });
    expect((await items({}, '2026-01-15')).map(({ userCode, action }) => [userCode, action])).toEqual([
      ['ann', 'added'],
      ['bob', 'added'],
    ]);
  });

  it.each([
    [{ action: 'removed' }, ['bob']],
    [{ billable: false }, ['dan']],
    [{ sku: 'OTHER' }, ['eve']],
    [{ service: 's', customer: 'C2' }, ['eve']],
    [{ actor: 'Desk' }, ['ann']],
    [{ from: '2026-03-07', to: '2026-03-07' }, ['bob']],
    [{ from: '2026-03-09' }, ['eve']],
  ] as [ItemFilters, string[]][])('are narrowed by %j', async (filters, users) => {
    expect(usersOf(await items(filters))).toEqual(users);
  });

  it('come in pages that neither repeat nor skip', async () => {
    const seen: (string | undefined)[] = [];
    let cursor: string | undefined;
    do {
      const page = (await queries.items(TENANT, 'tenant', 'current', {}, { limit: 2, ...(cursor && { cursor }) }))!;
      seen.push(...usersOf(page.data));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(['ann', 'bob', 'cid', 'dan', 'eve']);
  });

  it('refuse a cursor of another list', async () => {
    const { nextCursor } = await queries.customers(TENANT, 'tenant', { limit: 1 });
    await expect(queries.items(TENANT, 'tenant', 'current', {}, { limit: 2, cursor: nextCursor! })).rejects.toThrow(
      MalformedCursor,
    );
  });
});

describe('lines', () => {
  it('have their steps in any period, also before anything was sent', async () => {
    const current = (await queries.lines(TENANT, 'tenant', 'current', { sku: 'SKU-s' }, { limit: 5 }))!.data;
    const january = (await queries.lines(TENANT, 'tenant', '2026-01-31', { sku: 'SKU-s' }, { limit: 5 }))!.data;
    expect(current).toMatchObject([{ customerCode: 'C1', periodId: '2026-03-31', quantity: '2', targetVersion: 1 }]);
    expect(january[0]?.steps).toEqual([
      { from: '2026-01-01', quantity: '0' },
      { from: '2026-01-10', quantity: '1' },
      { from: '2026-01-11', quantity: '2' },
    ]);
  });

  it('are explained by a waterfall and people that sum to the quantity', async () => {
    const [line] = (await queries.lines(TENANT, 'tenant', 'current', { sku: 'SKU-s' }, { limit: 5 }))!.data;
    const explained = (await queries.explain(TENANT, 'tenant', line!.lineKey, 'current'))!;
    expect(explained).toMatchObject({
      quantity: '2',
      waterfall: [
        { code: 'CARRIED', quantity: '2', count: 2 },
        { code: 'ADDED', quantity: '1', count: 1 },
        { code: 'REMOVED', quantity: '-1', count: 1 },
      ],
    });
    expect(explained.people.map(({ delta }) => Number(delta)).reduce((sum, delta) => sum + delta)).toBe(2);
  });

  it('of a service are what its catalogue may touch', async () => {
    expect(await linesOfService(database, TENANT, 'tenant', 's')).toHaveLength(2);
    expect(await linesOfService(database, TENANT, { customerCodes: ['C2'] }, 's')).toHaveLength(1);
  });
});

describe('summary', () => {
  it('counts per customer and sku before the period and now', async () => {
    expect((await queries.summary(TENANT, 'tenant', 'current', {}, { limit: 5 }))?.data).toEqual([
      { customerCode: 'C1', customerName: 'New name', sku: 'SKU-s', lastCount: '2', difference: '0', thisCount: '2' },
      { customerCode: 'C2', customerName: 'C2', sku: 'OTHER', lastCount: '0', difference: '1', thisCount: '1' },
    ]);
  });
});

describe('customers', () => {
  it('are seen by their reseller alone', async () => {
    const codes = async (reach: Parameters<BillingQueries['customers']>[1]) =>
      (await queries.customers(TENANT, reach, { limit: 5 })).data.map(({ customerCode }) => customerCode);
    expect([await codes('tenant'), await codes({ resellerCode: 'R1' }), await codes({ resellerCode: 'R2' })]).toEqual([
      ['C1', 'C2'],
      ['C1'],
      [],
    ]);
    expect(await queries.customer(TENANT, { resellerCode: 'R1' }, 'C1')).toEqual({
      ...{ customerCode: 'C1', name: 'New name', resellerCode: 'R1', billedBy: 'reseller' },
    });
    expect(await queries.customer(TENANT, { resellerCode: 'R1' }, 'C2')).toBeNull();
  });
});

describe('periods', () => {
  it('go back to the earliest event', async () => {
    expect((await queries.periods(TENANT, 12)).map(({ id, state }) => [id, state])).toEqual([
      ['2026-03-31', 'open'],
      ['2026-02-28', 'closing'],
      ['2026-01-31', 'closing'],
    ]);
  });

  it.each([
    ['current', '2026-03-31'],
    ['previous', '2026-02-28'],
    ['2026-01-31', '2026-01-31'],
    ['2026-02-03', '2026-02-28'],
    ['2025-12-31', undefined],
    ['2026-04-01', undefined],
    ['2026-02-30', undefined],
    ['next', undefined],
  ])('named %s are %s', async (reference, id) => {
    expect((await queries.period(TENANT, reference))?.id).toBe(id);
  });

  it('of an unknown tenant are not there', async () => {
    expect([await queries.period('ten_none', 'current'), await queries.periods('ten_none', 3)]).toEqual([null, []]);
  });
});

describe('findKnownEvents', () => {
  it('finds what the tenant has and nothing of another', async () => {
    const identities = [
      { source: 'urn:spec', id: 'held' },
      { source: 'urn:spec', id: 'new' },
    ];
    expect((await findKnownEvents(database, TENANT, identities)).map(({ id }) => id)).toEqual(['held']);
    expect(await findKnownEvents(database, 'ten_none', identities)).toEqual([]);
  });
});
