import { lineTarget } from '@trueup/contracts';
import { appendCommand, inTransaction, pendingCommands } from '@trueup/persistence';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assigned, NOW, project, sentTargets, startedBilling, unassigned } from '../projection/projection.fixture.js';
import { BillingQueries } from '../queries/billing-queries.js';
import { BillingSettings } from '../settings/billing-settings.js';
import { putCatalogueRows } from '../settings/catalogue.js';
import { insertDefaultSettings } from '../settings/default-settings.js';
import { DayWatch } from './day-watch.js';
import { passCommands } from './pass-commands.js';

let database: DataSource;

beforeAll(async () => {
  database = await startedBilling();
});
afterAll(() => database.destroy());

const seat = (id: string, at = '2026-03-05T09:00:00Z', more: object = {}) => assigned(id, at, 'C1', id, more);
const at = (text: string) => new Date(text);
const settled = async (now: Date) => {
  await new DayWatch(database).look(now);
  return passCommands(database, () => now);
};
const price = (tenantId: string, sku: string, validFrom: string) =>
  inTransaction(database, (tx) =>
    putCatalogueRows(tx, { tenantId, serviceCode: 's', rows: [{ planCode: null, sku, validFrom }], savedAt: NOW }),
  );

describe('day-started', () => {
  it('carries every line over into the new period, once, and closes the old one', async () => {
    const tenant = 'ten_carry';
    await project(database, tenant, [seat('a'), seat('b')]);
    await settled(at('2026-03-31T23:59:59Z'));
    const before = (await sentTargets(database, tenant)).length;
    await settled(at('2026-04-01T00:00:01Z'));
    await settled(at('2026-04-01T05:00:00Z'));
    const targets = await sentTargets(database, tenant);
    expect([before, targets.length]).toEqual([1, 2]);
    expect(lineTarget.parse(targets[1]).periods).toMatchObject([
      {
        id: '2026-03-31',
        state: 'closing',
        steps: [
          { from: '2026-03-01', quantity: '0' },
          { from: '2026-03-05', quantity: '2' },
        ],
      },
      { id: '2026-04-30', state: 'open', present: '2', steps: [{ from: '2026-04-01', quantity: '2' }] },
    ]);
    const queries = new BillingQueries(database, () => at('2026-04-01T05:00:00Z'));
    expect((await queries.items(tenant, 'tenant', 'current', {}, { limit: 9 }))?.data.map(({ action }) => action)).toEqual([
      'carried',
      'carried',
    ]);
    expect((await queries.periods(tenant, 12)).map(({ id, state }) => [id, state])).toEqual([
      ['2026-04-30', 'open'],
      ['2026-03-31', 'closing'],
    ]);
  });

  it('starts a local day exactly once, whichever replica sees it first', async () => {
    await inTransaction(database, (tx) => insertDefaultSettings(tx, 'ten_once', NOW));
    const now = at('2027-06-01T12:00:00Z');
    await Promise.all([1, 2, 3, 4].map(() => new DayWatch(database).look(now)));
    const rows = await database.query(
      `select payload from billing.command where tenant_id = 'ten_once' and kind = 'day-started'`,
    );
    expect(rows).toEqual([{ payload: { localDate: '2027-06-01' } }]);
    await passCommands(database, () => now);
  });

  it('applies catalogue rows on the day they begin, not before', async () => {
    const tenant = 'ten_later';
    await settled(at('2026-03-20T12:00:00Z'));
    await project(database, tenant, [seat('a')]);
    await settled(at('2026-03-20T12:00:00Z'));
    await price(tenant, 'NEW', '2026-03-22');
    await settled(at('2026-03-21T12:00:00Z'));
    const before = await sentTargets(database, tenant);
    await settled(at('2026-03-22T00:00:01Z'));
    const after = (await sentTargets(database, tenant)).slice(before.length);
    expect(before.map(({ sku }) => sku)).toEqual(['SKU-s']);
    expect(new Map(after.map(({ sku, changed }) => [sku, `${changed.quantity} from ${changed.from}`]))).toEqual(
      new Map([
        ['NEW', '1 from 2026-03-22'],
        ['SKU-s', '0 from 2026-03-22'],
      ]),
    );
    expect(after.map(({ endOfSet }) => endOfSet)).toEqual([false, true]);
  });
});

describe('catalogue-changed', () => {
  it('moves the rows of a service to another sku and sends both lines as one set', async () => {
    const tenant = 'ten_prices';
    await project(database, tenant, [
      seat('a', '2026-02-10T09:00:00Z'),
      seat('b'),
      unassigned('gone', '2026-03-06T09:00:00Z', 'C1', 'b'),
    ]);
    await price(tenant, 'OTHER', '2026-01-01');
    await settled(NOW);
    const targets = (await sentTargets(database, tenant)).slice(1);
    expect(new Map(targets.map(({ sku, changed }) => [sku, changed.quantity]))).toEqual(
      new Map([
        ['OTHER', '1'],
        ['SKU-s', '0'],
      ]),
    );
    expect(targets.map(({ endOfSet }) => endOfSet)).toEqual([false, true]);
    expect(await pendingCommands(database, 'billing')).toBe(0);
  });

  it('waits for a batch that holds the customer, and then decides with what the batch brought', async () => {
    const tenant = 'ten_locks';
    await project(database, tenant, [seat('a')]);
    const holder = database.createQueryRunner();
    await holder.startTransaction();
    await holder.query(`select 1 from billing.customer where tenant_id = $1 and customer_code = 'C1' for update`, [tenant]);
    await price(tenant, 'OTHER', '2026-01-01');
    const [command, batch] = [passCommands(database, () => NOW), project(database, tenant, [seat('b')])];
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await sentTargets(database, tenant)).toHaveLength(1);
    await holder.commitTransaction();
    await holder.release();
    await Promise.all([command, batch]);
    const last = new Map((await sentTargets(database, tenant)).map(({ sku, changed }) => [sku, changed.quantity]));
    expect(last).toEqual(
      new Map([
        ['SKU-s', '0'],
        ['OTHER', '2'],
      ]),
    );
  });
});

describe('settings-changed', () => {
  it('lays all periods anew while nothing is settled', async () => {
    const tenant = 'ten_settings';
    await project(database, tenant, [seat('a')]);
    const settings = { closeDay: 25, timeZone: 'Pacific/Auckland', graceHours: 2, liveFrom: '2026-02-26' };
    await inTransaction(database, (tx) =>
      new BillingSettings(database).put(tx, { tenantId: tenant, settings, isSettled: false, savedAt: NOW }),
    );
    await settled(NOW);
    const last = (await sentTargets(database, tenant)).at(-1)!;
    expect(last.periods).toMatchObject([
      {
        id: '2026-03-25',
        start: '2026-02-26',
        end: '2026-03-26',
        steps: [{ quantity: '0' }, { from: '2026-03-05', quantity: '1' }],
      },
    ]);
    expect(await new BillingSettings(database).get(tenant)).toEqual(settings);
    expect(await new BillingQueries(database, () => NOW).periods(tenant, 3)).toMatchObject([{ id: '2026-03-25' }]);
  });

  it('ends the current period as planned once something is settled', async () => {
    const tenant = 'ten_settled';
    await inTransaction(database, (tx) => insertDefaultSettings(tx, tenant, NOW));
    const settings = { closeDay: 10, timeZone: 'UTC', graceHours: 1 };
    const change = { tenantId: tenant, settings, isSettled: true, savedAt: NOW };
    const preview = await new BillingSettings(database).preview(change, 3);
    await inTransaction(database, (tx) => new BillingSettings(database).put(tx, change));
    expect(preview?.map(({ start, end }) => [start, end])).toEqual([
      ['2026-03-01', '2026-04-01'],
      ['2026-04-01', '2026-04-11'],
      ['2026-04-11', '2026-05-11'],
    ]);
    expect(await new BillingQueries(database, () => NOW).period(tenant, 'current')).toMatchObject({ id: '2026-03-31' });
  });

  it('names the two dates around a live date inside a period', async () => {
    const tenant = 'ten_live';
    await inTransaction(database, (tx) => insertDefaultSettings(tx, tenant, NOW));
    const choices = (liveFrom: string) =>
      new BillingSettings(database).liveFromChoices({
        tenantId: tenant,
        settings: { closeDay: 'month-end', timeZone: 'UTC', graceHours: 1, liveFrom },
        isSettled: false,
        savedAt: NOW,
      });
    expect([await choices('2026-03-14'), await choices('2026-04-01')]).toEqual([
      { earlier: '2026-03-01', later: '2026-04-01' },
      null,
    ]);
  });
});

describe('passCommands', () => {
  it('leaves a command that nobody knows and carries out the others', async () => {
    await settled(NOW);
    const id = await inTransaction(database, (tx) =>
      appendCommand(tx, 'billing', { tenantId: 'ten_odd', kind: 'odd', payload: {} }),
    );
    await price('ten_odd', 'X', '2026-01-01');
    const { done, failed } = await passCommands(database, () => NOW);
    expect([done, failed.map(({ command }) => command.id)]).toEqual([1, [id]]);
    await database.query('delete from billing.command where id = $1', [id]);
  });
});
