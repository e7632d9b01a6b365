import { randomBytes } from 'node:crypto';
import { inTransaction, openDatabase } from '@trueup/persistence';
import { startedPostgres } from '@trueup/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { accessSchema } from './access-schema.js';
import { ConnectionSecrets } from './connection-secrets.js';
import { SealBroken } from './envelope.js';
import { MasterKey } from './master-key.js';
import { createTenant } from './tenants.js';

const at = new Date('2026-03-01T10:00:00Z');
const secrets = new ConnectionSecrets(new MasterKey(randomBytes(32)));
let db: DataSource;
let tenants: string[];

beforeAll(async () => {
  const { url } = await startedPostgres();
  db = await openDatabase({ url, applicationName: 'access-test', schemas: [accessSchema] });
  tenants = [];
  for (const name of ['One', 'Two']) tenants.push((await createTenant(db, { name, createdAt: at })).tenant.id);
});
afterAll(() => db.destroy());

const write = (tenantId: string, connectionId: string, values: Record<string, string | null>) =>
  inTransaction(db, (tx) => secrets.write(tx, { tenantId, connectionId }, values, at));

async function swap(from: string, to: string): Promise<void> {
  await db.query(
    `update access.connection_secret t set sealed_value = s.sealed_value from access.connection_secret s
     where s.connection_id = $1 and t.connection_id = $2 and s.field = t.field`,
    [from, to],
  );
}

describe('connection secrets', () => {
  it('come back as they were written, and by field', async () => {
    await write(tenants[0]!, 'con_a', { UserName: 'api@acme', Secret: 'pä$$ ""' });
    await write(tenants[0]!, 'con_a', { Secret: 'newer', Code: 'X' });
    await write(tenants[0]!, 'con_a', { Code: null });
    expect((await secrets.reveal(db, ['con_a'])).open).toEqual(new Map([['con_a', { UserName: 'api@acme', Secret: 'newer' }]]));
    expect(await secrets.fieldsSet(db, tenants[0]!, ['con_a'])).toEqual(new Map([['con_a', ['Secret', 'UserName']]]));
  });

  it('name no fields to another tenant', async () => {
    await write(tenants[0]!, 'con_b', { Secret: 'x' });
    expect(await secrets.fieldsSet(db, tenants[1]!, ['con_b'])).toEqual(new Map());
  });

  it('are nowhere in clear in the database', async () => {
    await write(tenants[0]!, 'con_c', { Secret: 'canary-2f7c' });
    const rows = await db.query<{ value: Buffer }[]>('select sealed_value as value from access.connection_secret');
    expect(rows.some((row) => row.value.includes('canary-2f7c'))).toBe(false);
  });

  it('stay shut when their row is swapped with one of another connection or tenant', async () => {
    await write(tenants[0]!, 'con_d', { Secret: 'of one' });
    await write(tenants[0]!, 'con_e', { Secret: 'of the same tenant' });
    await write(tenants[1]!, 'con_f', { Secret: 'of two' });
    await swap('con_d', 'con_e');
    await swap('con_d', 'con_f');
    const { open, sealed } = await secrets.reveal(db, ['con_d', 'con_e', 'con_f']);
    expect([[...open.keys()], [...sealed.keys()].sort()]).toEqual([['con_d'], ['con_e', 'con_f']]);
  });

  it('stay shut when two fields of one connection are swapped', async () => {
    await write(tenants[0]!, 'con_j', { UserName: 'u', Secret: 's' });
    await db.query(
      `update access.connection_secret t set sealed_value = s.sealed_value from access.connection_secret s
       where s.connection_id = 'con_j' and t.connection_id = 'con_j' and s.field <> t.field`,
    );
    expect([...(await secrets.reveal(db, ['con_j'])).sealed.keys()]).toEqual(['con_j']);
  });

  it('stay shut when their key row is moved along with them', async () => {
    await write(tenants[0]!, 'con_k', { Secret: 'of one' });
    await write(tenants[1]!, 'con_l', { Secret: 'of two' });
    await swap('con_k', 'con_l');
    await db.query(
      `update access.connection_key t set wrapped_key = s.wrapped_key from access.connection_key s
       where s.connection_id = 'con_k' and t.connection_id = 'con_l'`,
    );
    expect([...(await secrets.reveal(db, ['con_k', 'con_l'])).sealed.keys()]).toEqual(['con_l']);
  });

  it('stay shut under another master key', async () => {
    await write(tenants[0]!, 'con_g', { Secret: 'x' });
    const stranger = new ConnectionSecrets(new MasterKey(randomBytes(32)));
    const { open, sealed } = await stranger.reveal(db, ['con_g']);
    expect([open.size, sealed.get('con_g')]).toEqual([0, expect.any(SealBroken)]);
  });

  it('survive two first writers at once', async () => {
    await Promise.all([write(tenants[0]!, 'con_h', { A: '1' }), write(tenants[0]!, 'con_h', { B: '2' })]);
    expect((await secrets.reveal(db, ['con_h'])).open.get('con_h')).toEqual({ A: '1', B: '2' });
  });

  it('are gone after removal', async () => {
    await write(tenants[0]!, 'con_i', { Secret: 'x' });
    await secrets.remove(db, { tenantId: tenants[0]!, connectionId: 'con_i' });
    expect((await secrets.reveal(db, ['con_i'])).open).toEqual(new Map());
  });
});
