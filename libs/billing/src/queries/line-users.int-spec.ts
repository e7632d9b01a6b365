import { levelOn } from '@trueup/contracts';
import { sumQuantities } from '@trueup/domain';
import { inTransaction } from '@trueup/persistence';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClosingStage } from '../closing/closing.fixture.js';
import { histories } from '../projection/histories.fixture.js';
import { assigned, eventOf, NOW, project, startedBilling, unassigned } from '../projection/projection.fixture.js';
import { insertDefaultSettings } from '../settings/default-settings.js';
import { BillingQueries } from './billing-queries.js';
import type { LineDay, LineUser } from './line-users.js';

let database: DataSource;
let queries: BillingQueries;
beforeAll(async () => {
  database = await startedBilling();
  queries = new BillingQueries(database, () => NOW);
});
afterAll(() => database.destroy());

/** All pages of one user each, and the quantity that every page states. */
async function whole(tenantId: string, day: LineDay): Promise<{ users: LineUser[]; quantities: Set<string> }> {
  const users: LineUser[] = [];
  const quantities = new Set<string>();
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = (await queries.lineUsers(tenantId, 'tenant', day, { limit: 1, ...(cursor && { cursor }) }))!;
    users.push(...page.data);
    quantities.add(page.quantity);
    cursor = page.nextCursor;
  }
  return { users, quantities };
}

describe('who made up a quantity on a day', () => {
  let run = 0;

  it('sums to the step in force, whatever happened, with and without the day of knowing', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories,
        fc.constantFrom('2026-02-27', '2026-02-28', '2026-03-01', '2026-03-05', '2026-03-20'),
        async (events, on) => {
          const tenantId = `ten_users_${++run}`;
          await project(database, tenantId, events);
          const lines = await queries.lines(tenantId, 'tenant', on, {}, { limit: 100 });
          for (const { lineKey, steps } of lines?.data ?? []) {
            const step = levelOn(steps, on);
            const counted = await whole(tenantId, { lineKey, on });
            const known = await whole(tenantId, { lineKey, on, knownOn: '2026-03-20' });
            expect([...counted.quantities]).toEqual([step]);
            expect(sumQuantities(counted.users.map(({ quantity }) => quantity))).toBe(step);
            expect(known.users).toEqual(counted.users);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('names them then and now, with who brought them', async () => {
    const tenantId = 'ten_dispute';
    const by = { actorid: 'desk-7', actorname: 'Desk' };
    await project(database, tenantId, [
      eventOf('n1', '2026-03-01T09:00:00Z', 'C1', 'user.created', { userCode: 'ann', name: 'Ann' }),
      { ...assigned('a', '2026-03-05T09:00:00Z', 'C1', 'ann'), ...by },
      assigned('b', '2026-03-06T09:00:00Z', 'C1', 'bob'),
      unassigned('c', '2026-03-07T09:00:00Z', 'C1', 'bob'),
      assigned('d', '2026-03-09T09:00:00Z', 'C1', 'bob'),
      eventOf('n2', '2026-03-10T09:00:00Z', 'C1', 'user.renamed', { userCode: 'ann', name: 'Anna' }),
    ]);
    const lines = (await queries.lines(tenantId, 'tenant', 'current', { sku: 'SKU-s' }, { limit: 1 }))!.data;
    const { lineKey } = lines[0]!;
    const { users } = await whole(tenantId, { lineKey, on: '2026-03-06' });
    expect(users.map(({ userCode }) => userCode)).toEqual(['ann', 'bob']);
    expect(users[0]).toEqual({
      ...{ userCode: 'ann', userName: 'Anna', userNameThen: 'Ann', kind: 'service', serviceCode: 's', serviceName: 'Service' },
      ...{ instance: '', quantity: '1', since: '2026-03-05T09:00:00.000Z', eventId: 'a' },
      actor: { id: 'desk-7', name: 'Desk' },
    });
    expect((await whole(tenantId, { lineKey, on: '2026-03-07' })).users.map(({ userCode }) => userCode)).toEqual(['ann']);
    expect(await queries.lineUsers(tenantId, { customerCodes: ['C2'] }, { lineKey, on: '2026-03-06' }, { limit: 1 })).toBeNull();
    expect(await queries.lineUsers(tenantId, 'tenant', { lineKey, on: '2099-01-01' }, { limit: 1 })).toBeNull();
  });

  it('are of a closed period those it was closed with, and by a later day of knowing those that should have been', async () => {
    const tenantId = 'ten_closed_dispute';
    const inApril = new Date('2026-04-02T12:00:00Z');
    await inTransaction(database, (tx) => insertDefaultSettings(tx, tenantId, NOW));
    await project(database, tenantId, [
      assigned('a', '2026-03-05T09:00:00Z', 'C1', 'ann'),
      assigned('b', '2026-03-05T09:00:00Z', 'C1', 'bob'),
    ]);
    await new ClosingStage(database, '2026-04-01T00:00:00Z').moveTo('2026-04-02T12:00:00Z');
    await project(database, tenantId, [unassigned('late', '2026-03-06T09:00:00Z', 'C1', 'bob')], inApril);
    const later = new BillingQueries(database, () => inApril);
    const lineKey = (await later.lines(tenantId, 'tenant', '2026-03-31', {}, { limit: 1 }))!.data[0]!.lineKey;
    const on = '2026-03-10';
    const told = async (day: object) => {
      const users = (await later.lineUsers(tenantId, 'tenant', { lineKey, on, ...day }, { limit: 9 }))!;
      return [users.quantity, ...users.data.map(({ userCode }) => userCode)];
    };
    expect(await told({})).toEqual(['2', 'ann', 'bob']);
    expect(await told({ knownOn: '2026-04-02' })).toEqual(['1', 'ann']);
  });
});
