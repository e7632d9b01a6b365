import { BillingQueries } from '@trueup/billing';
import { inTenant, inTransaction } from '@trueup/persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillTenant } from '../test/filled-tenant.js';
import { StartedApi } from '../test/started-api.js';

let api: StartedApi;
let other: { id: string; token: string };

beforeAll(async () => {
  api = await StartedApi.start();
  await fillTenant(api);
  other = await api.tenant('Second');
  for (const token of [api.adminToken, other.token]) {
    const body = { email: 'a@b.example', name: 'A', roles: ['finance'] };
    await api.call('/v1/people', { method: 'POST', token, body, headers: { 'idempotency-key': 'k' } });
  }
});
afterAll(() => api.stop());

const asOther = (sql: string, given?: unknown[]) => inTenant(other.id, () => api.databases.db.query(sql, given));

/** Tables that hold rows of the first tenant at this moment. */
async function filledTables(): Promise<string[]> {
  const tables = await api.db.query<{ name: string }[]>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.columns
     where table_schema in ('access', 'billing', 'control') and column_name = 'tenant_id'`,
  );
  const rows = await Promise.all(
    tables.map(({ name }) => api.db.query<unknown[]>(`select 1 from ${name} where tenant_id = $1 limit 1`, [api.tenantId])),
  );
  return tables.flatMap(({ name }, index) => (rows[index]!.length > 0 ? [name] : []));
}

describe('a query that forgets its tenant', () => {
  it("finds the caller's rows alone, in every table that holds rows of another", async () => {
    const tables = await filledTables();
    expect(tables.length).toBeGreaterThan(25);
    const seen = await Promise.all(
      tables.map((table) => asOther(`select count(*)::int as n from ${table} where tenant_id <> $1`, [other.id])),
    );
    expect(seen).toEqual(tables.map(() => [{ n: 0 }]));
  });

  it('writes a row of another into none of them', async () => {
    for (const table of await filledTables()) {
      const [foreign] = await api.db.query<{ row: object }[]>(
        `select to_jsonb(t) as row from ${table} t where tenant_id = $1 limit 1`,
        [api.tenantId],
      );
      const copy = `insert into ${table} overriding system value select * from jsonb_populate_record(null::${table}, $1)`;
      await expect(asOther(copy, [JSON.stringify(foreign!.row)]), table).rejects.toThrow('row-level security');
    }
  });

  it('finds sessions, invitations and the tenant itself by whose they are', async () => {
    const count = (table: string) => asOther(`select count(*)::int as n from ${table}`);
    expect(await api.db.query('select count(*)::int as n from access.invitation')).toEqual([{ n: 2 }]);
    for (const table of ['access.tenant', 'access.invitation']) expect([table, await count(table)]).toEqual([table, [{ n: 1 }]]);
  });

  it('finds nothing though it names another tenant', async () => {
    const queries = new BillingQueries(api.databases.db, () => api.now);
    const asked = (caller: string) => inTenant(caller, () => queries.customers(api.tenantId, 'tenant', { limit: 9 }));
    const [own, foreign] = await Promise.all([asked(api.tenantId), asked(other.id)]);
    expect([own.data.length, foreign.data.length]).toEqual([1, 0]);
  });
});

describe('the roles of the api', () => {
  it('leave what is secret before a tenant is known to the other one', async () => {
    for (const table of ['access.service_token', 'access.sign_in_attempt', 'billing.outbox', 'control.watermark'])
      await expect(asOther(`select * from ${table}`)).rejects.toThrow('permission denied');
  });

  it('let nobody change or remove what the audit says', async () => {
    const { allTenants } = api.databases;
    for (const sql of [
      'update access.audit_entry set seq = 9',
      'delete from access.audit_entry',
      'truncate access.audit_entry',
    ]) {
      await expect(asOther(sql)).rejects.toThrow('permission denied');
      await expect(allTenants.query(sql)).rejects.toThrow('permission denied');
    }
  });

  it('are what requests go by, each with its own tenant though connections are shared', async () => {
    const tokens = Array.from({ length: 60 }, (_, n) => (n % 2 === 0 ? api.adminToken : other.token));
    const answers = await Promise.all(tokens.map((token) => api.call('/v1/me', { token })));
    const tenants = answers.map(({ body }) => body.tenant.id);
    const users = await api.db.query(
      `select distinct usename::text as role from pg_stat_activity where datname = current_database() and application_name = 'api requests'`,
    );
    expect([users, tenants]).toEqual([
      [{ role: 'trueup_app' }],
      tokens.map((token) => (token === other.token ? other.id : api.tenantId)),
    ]);
  });

  it('carry no tenant from one request to the next', async () => {
    const runner = api.databases.db.createQueryRunner();
    await api.call('/v1/connections', { token: other.token });
    await inTenant(other.id, () => inTransaction(api.databases.db, (tx) => tx.query('select 1')));
    const [setting] = (await runner.query(`select current_setting('app.tenant', true) as tenant`)) as { tenant: string | null }[];
    await runner.release();
    expect(setting!.tenant ?? '').toBe('');
  });
});

describe('a request that lasts', () => {
  it('holds no transaction while it waits', async () => {
    const { body } = await api.call('/v1/operations/rebuild', { method: 'POST', body: {} });
    const headers = { authorization: `Bearer ${api.adminToken}` };
    const stream = fetch(`${api.url}/v1/operations/${body.id}/events`, { headers });
    const reader = (await stream).body!.getReader();
    await reader.read();
    const held = await api.db.query(
      `select state from pg_stat_activity where datname = current_database() and usename = 'trueup_app' and xact_start is not null`,
    );
    await reader.cancel();
    expect(held).toEqual([]);
  });
});
