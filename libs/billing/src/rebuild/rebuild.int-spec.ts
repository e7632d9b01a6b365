import { inTransaction } from '@trueup/persistence';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClosingStage } from '../closing/closing.fixture.js';
import { readOperation } from '../operations/operation.js';
import { requestRebuild } from '../operations/request-operation.js';
import { assigned, eventOf, project, sentTargets, startedBilling, unassigned } from '../projection/projection.fixture.js';
import { rebuild } from './rebuild.js';

let database: DataSource;
let stage: ClosingStage;

beforeAll(async () => {
  database = await startedBilling();
  stage = new ClosingStage(database, '2026-03-20T12:00:00Z');
});
afterAll(() => database.destroy());

const customers = Array.from({ length: 23 }, (_, index) => `C${String(index).padStart(2, '0')}`);
const march = (day: number) => `2026-03-${String(day).padStart(2, '0')}T09:00:00Z`;

/** Seats that come and go, late and in turn; names; a move; an ended user and an ended customer. */
async function fill(tenant: string): Promise<void> {
  for (const customer of customers) {
    const id = (name: string) => `${customer}-${name}`;
    const user = (type: string, more: object) => eventOf(id(type), march(3), customer, type, { userCode: 'b', ...more });
    await project(database, tenant, [assigned(id('a'), march(5), customer, 'a'), assigned(id('b'), march(6), customer, 'b')]);
    await project(database, tenant, [
      unassigned(id('gone'), march(9), customer, 'a'),
      assigned(id('t'), march(2), customer, 'a', { serviceCode: 't', planCode: 'p', planName: 'P' }),
      user('user.created', { name: 'Bob' }),
      eventOf(id('created'), march(1), customer, 'customer.created', { name: 'N', resellerCode: 'R' }),
    ]);
    await project(database, tenant, [
      assigned(id('back'), march(7), customer, 'a', { planCode: 'q', planName: 'Q' }),
      eventOf(id('q'), march(4), customer, 'customer.service.assigned', {
        serviceCode: 'x',
        serviceName: 'X',
        sku: 'X',
        quantity: '7.5',
      }),
      eventOf(id('moved'), march(11), customer, 'customer.moved', { resellerCode: null, billedBy: 'provider' }),
    ]);
  }
  await project(database, tenant, [
    eventOf('ended', march(12), 'C03', 'customer.deprovisioned', {}),
    eventOf('left', march(13), 'C04', 'user.removed', { userCode: 'b' }),
  ]);
  await stage.moveTo('2026-04-02T12:00:00Z');
}

/** Every table of the truth of a tenant, byte by byte, and everything it was sent. */
async function bytesOf(tenant: string): Promise<string> {
  const tables = [
    'event',
    'customer',
    'user',
    'assignment',
    'holding',
    'line_target',
    'snapshot_item',
    'snapshot_line',
    'outbox',
  ];
  const rows = await Promise.all(
    tables.map((table) => {
      const isOurs = table === 'outbox' ? `key like $1 || '/%'` : 'tenant_id = $1';
      return database.query(`select t::text as row from billing.${table} t where ${isOurs} order by 1`, [tenant]);
    }),
  );
  return JSON.stringify(rows);
}

const ask = (tenant: string, customerCodes?: string[]) =>
  inTransaction(database, (tx) =>
    requestRebuild(tx, tenant, customerCodes ? { customerCodes } : {}, { actor: { id: 'ann' }, now: stage.now() }),
  );
const rebuilt = async (tenant: string, customerCodes?: string[]) => {
  const operationId = await ask(tenant, customerCodes);
  await stage.commands();
  return (await readOperation(database, tenant, operationId))!;
};

describe('a rebuild', () => {
  it('reproduces every byte and sends nothing when nothing differs, closed periods and late events included', async () => {
    const tenant = 'ten_same';
    await fill(tenant);
    await project(database, tenant, [assigned('late', march(30), 'C07', 'late')], stage.now());
    const before = await bytesOf(tenant);
    expect(await rebuilt(tenant)).toMatchObject({ stage: 'done', done: 23, total: 23, report: { rows: 0, lines: 0 } });
    expect(await bytesOf(tenant)).toBe(before);
  });

  it('repairs what was damaged and sends its line alone', async () => {
    const tenant = 'ten_damaged';
    await fill(tenant);
    const sound = await bytesOf(tenant);
    const sent = (await sentTargets(database, tenant)).length;
    const of = `tenant_id = '${tenant}' and customer_code = 'C05' and user_code = 'b' and code = 's'`;
    await database.query(
      `update billing.holding set level = 40, only_rose = true, content = replace(content::text, '"1"', '"40"')::json where ${of}`,
    );
    expect((await rebuilt(tenant)).report).toEqual({ rows: 1, lines: 0 });
    expect(await bytesOf(tenant)).toBe(sound);

    await database.query(`delete from billing.holding where ${of}`);
    await database.query(`delete from billing.assignment where ${of}`);
    await database.query(`update billing.user set state = '{"names":[]}' where tenant_id = $1 and customer_code = 'C09'`, [
      tenant,
    ]);
    await project(database, tenant, [assigned('next', march(14), 'C05', 'next')], stage.now());
    expect((await sentTargets(database, tenant)).at(-1)).toMatchObject({ customerCode: 'C05', changed: { quantity: '2' } });
    expect((await rebuilt(tenant)).report).toEqual({ rows: 1, lines: 1 });
    const news = (await sentTargets(database, tenant)).slice(sent + 1);
    expect(news.map(({ customerCode, sku, changed }) => [customerCode, sku, changed.quantity])).toEqual([['C05', 'SKU-s', '3']]);
    expect(await rebuilt(tenant)).toMatchObject({ report: { rows: 0, lines: 0 } });
    const users = await database.query(`select state from billing.user where tenant_id = $1 and customer_code = 'C09'`, [tenant]);
    expect(JSON.stringify(users)).toContain('Bob');
  });

  it('removes a row that no event supports', async () => {
    const tenant = 'ten_phantom';
    await fill(tenant);
    const sound = await bytesOf(tenant);
    await database.query(
      `insert into billing.holding select tenant_id, customer_code, 'phantom', kind, code, instance, row_key, sku, line_key, is_billable,
         first_from, last_to, changed_at, level, content, only_rose
       from billing.holding where tenant_id = $1 and customer_code = 'C01' and user_code = 'b'`,
      [tenant],
    );
    expect((await rebuilt(tenant, ['C01', 'C02'])).report).toEqual({ rows: 1, lines: 0 });
    const rows = await database.query(`select 1 from billing.holding where tenant_id = $1 and user_code = 'phantom'`, [tenant]);
    expect(rows).toEqual([]);
    await database.query(`delete from billing.assignment where tenant_id = $1 and user_code = 'phantom'`, [tenant]);
    expect(await bytesOf(tenant)).toBe(sound);
  });

  it('goes on behind the last customer after a crash', async () => {
    const tenant = 'ten_resumed';
    await fill(tenant);
    const operationId = await ask(tenant);
    await database.query(`delete from billing.command where tenant_id = $1`, [tenant]);
    const holder = database.createQueryRunner();
    await holder.startTransaction();
    await holder.query(`select 1 from billing.customer where tenant_id = $1 and customer_code = 'C15' for update`, [tenant]);
    let isCrashed = false;
    const crashing = rebuild(database, { tenantId: tenant, operationId }, () => {
      if (isCrashed) throw new Error('crashed');
      return stage.now();
    });
    await expect.poll(async () => (await readOperation(database, tenant, operationId))!.done).toBe(10);
    isCrashed = true;
    await holder.rollbackTransaction();
    await holder.release();
    await expect(crashing).rejects.toThrow('crashed');
    expect(await readOperation(database, tenant, operationId)).toMatchObject({
      stage: 'running',
      afterCustomer: 'C09',
      done: 10,
    });
    await rebuild(database, { tenantId: tenant, operationId }, stage.now);
    expect(await readOperation(database, tenant, operationId)).toMatchObject({ stage: 'done', done: 23 });
  });
});
