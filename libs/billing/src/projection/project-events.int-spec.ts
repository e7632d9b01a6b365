import { lineTarget } from '@trueup/contracts';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BillingQueries } from '../queries/billing-queries.js';
import { assigned, eventOf, NOW, project, sentTargets, startedBilling, unassigned } from './projection.fixture.js';

let database: DataSource;
let queries: BillingQueries;

beforeAll(async () => {
  database = await startedBilling();
  queries = new BillingQueries(database, () => NOW);
});
afterAll(() => database.destroy());

describe('projectEvents', () => {
  it('turns an assigned seat into an item, a line and a target of one', async () => {
    const tenant = 'ten_seat';
    await project(database, tenant, [
      eventOf('c', '2026-03-01T08:00:00Z', 'C1', 'customer.created', { name: 'Customer One' }),
      eventOf('u', '2026-03-02T08:00:00Z', 'C1', 'user.created', { userCode: 'ann', name: 'Ann' }),
      assigned('a', '2026-03-10T09:00:00Z', 'C1', 'ann', {}),
    ]);
    const [target] = await sentTargets(database, tenant);
    expect(lineTarget.parse(target)).toMatchObject({
      targetVersion: 1,
      endOfSet: true,
      changed: { from: '2026-03-10', previousQuantity: '0', quantity: '1' },
    });
    expect(target?.causes).toMatchObject([{ eventId: 'a', userCode: 'ann', userName: 'Ann', delta: '1', type: 'ADDED' }]);
    const items = await queries.items(tenant, 'tenant', 'current', {}, { limit: 10 });
    expect(items?.data).toMatchObject([
      { customerName: 'Customer One', userName: 'Ann', action: 'added', sku: 'SKU-s', billable: true },
    ]);
    const explained = await queries.explain(tenant, 'tenant', target!.lineKey, 'current');
    expect(explained).toMatchObject({ quantity: '1', waterfall: [{ code: 'ADDED', quantity: '1', count: 1 }] });
  });

  it('ends the last of several changed targets of a customer, and only that', async () => {
    const tenant = 'ten_set';
    const seat = (id: string, sku: string) => assigned(id, '2026-03-05T09:00:00Z', 'C1', id, { sku });
    const other = assigned('z', '2026-03-05T09:00:00Z', 'C2', 'z');
    await project(database, tenant, [seat('a', 'A'), seat('b', 'B'), seat('c', 'C'), other]);
    const targets = await sentTargets(database, tenant);
    expect(targets.map(({ customerCode, endOfSet }) => [customerCode, endOfSet])).toEqual([
      ['C1', false],
      ['C1', false],
      ['C1', true],
      ['C2', true],
    ]);
  });

  it('counts a repeated event once and keeps a conflicting one apart', async () => {
    const tenant = 'ten_twice';
    const first = assigned('e1', '2026-03-05T09:00:00Z', 'C1', 'ann');
    const result = await project(database, tenant, [first, first, assigned('e1', '2026-03-05T09:00:00Z', 'C1', 'bob')]);
    const again = await project(database, tenant, [first, assigned('e1', '2026-03-05T09:00:00Z', 'C1', 'bob')]);
    const parked = await database.query('select reason from billing.quarantine where tenant_id = $1', [tenant]);
    expect([result, again]).toMatchObject([
      { applied: 1, duplicates: 1, conflicts: 1, sent: 1 },
      { applied: 0, duplicates: 1, conflicts: 1, sent: 0 },
    ]);
    expect(parked).toEqual([{ reason: 'event-conflict' }, { reason: 'event-conflict' }]);
  });

  it('sends nothing for a change that leaves every schedule as it was', async () => {
    const tenant = 'ten_same';
    await project(database, tenant, [assigned('a', '2026-03-05T09:00:00Z', 'C1', 'ann')]);
    const renamed = eventOf('r', '2026-03-06T09:00:00Z', 'C1', 'user.renamed', { userCode: 'ann', name: 'Anna' });
    const reassigned = assigned('b', '2026-03-07T09:00:00Z', 'C1', 'ann');
    expect(await project(database, tenant, [renamed, reassigned])).toMatchObject({ applied: 2, sent: 0 });
  });

  it('ends everything that a removed user and a deprovisioned customer held', async () => {
    const tenant = 'ten_ends';
    const seat = (user: string) => assigned(user, '2026-03-05T09:00:00Z', 'C1', user);
    await project(database, tenant, ['a', 'b', 'c'].map(seat));
    await project(database, tenant, [eventOf('r', '2026-03-06T09:00:00Z', 'C1', 'user.removed', { userCode: 'a' })]);
    const late = unassigned('late', '2026-03-05T10:00:00Z', 'C1', 'a');
    await project(database, tenant, [late, eventOf('d', '2026-03-07T09:00:00Z', 'C1', 'customer.deprovisioned', {})]);
    const targets = await sentTargets(database, tenant);
    expect(targets.map(({ changed }) => changed.quantity)).toEqual(['3', '2', '0']);
    expect(targets.at(-1)?.periods[0]).toMatchObject({ present: '3', peak: '3', removed: '3' });
  });

  it('shows nothing of another tenant or out of reach', async () => {
    await project(database, 'ten_one', [assigned('a', '2026-03-05T09:00:00Z', 'C1', 'ann')]);
    await project(database, 'ten_two', [assigned('a', '2026-03-05T09:00:00Z', 'C1', 'ann')]);
    const [target] = await sentTargets(database, 'ten_one');
    const find = (tenant: string, reach: Parameters<BillingQueries['line']>[1]) => queries.line(tenant, reach, target!.lineKey);
    expect(await find('ten_one', 'tenant')).toMatchObject({ quantity: '1' });
    expect(await find('ten_two', 'tenant')).toBeNull();
    expect(await find('ten_one', { customerCodes: ['C2'] })).toBeNull();
    expect(await find('ten_one', { resellerCode: 'R1' })).toBeNull();
    expect((await queries.items('ten_one', { customerCodes: ['C2'] }, 'current', {}, { limit: 5 }))?.data).toEqual([]);
  });
});
