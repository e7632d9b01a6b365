import { randomBytes } from 'node:crypto';
import { inTransaction, openDatabase } from '@trueup/persistence';
import { startedPostgres } from '@trueup/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accessSchema } from './access-schema.js';
import { ConnectionSecrets } from './connection-secrets.js';
import { SealBroken, seal } from './envelope.js';
import { MasterKey } from './master-key.js';
import { rotateSecrets } from './rotate-secrets.js';
import { createTenant } from './tenants.js';

const at = new Date('2026-03-01T10:00:00Z');
const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
/** As the two steps of a rotation have it: first every replica knows both keys, then the new one comes first. */
const [onlyOld, knowsBoth, rotated] = [new MasterKey(oldKey), new MasterKey(oldKey, [newKey]), new MasterKey(newKey, [oldKey])];
let db: DataSource;
let tenantId: string;

beforeAll(async () => {
  const { url } = await startedPostgres();
  db = await openDatabase({ url, applicationName: 'rotate-test', schemas: [accessSchema] });
});
afterAll(() => db.destroy());
beforeEach(async () => {
  await db.query('delete from access.connection_key');
  tenantId = (await createTenant(db, { name: 'One', createdAt: at })).tenant.id;
});

const write = (by: MasterKey, connectionId: string, values: Record<string, string>) =>
  inTransaction(db, (tx) => new ConnectionSecrets(by).write(tx, { tenantId, connectionId }, values, at));
const reveal = (by: MasterKey, ...ids: string[]) => new ConnectionSecrets(by).reveal(db, ids);
const rotate = (by = rotated) => rotateSecrets(db, new ConnectionSecrets(by), by, at);

describe('a rotation', () => {
  it('leaves secrets as they are, and the old master key opens nothing any more', async () => {
    await write(onlyOld, 'con_a', { UserName: 'ann', Secret: 'pä$$' });
    await write(onlyOld, 'con_b', { Secret: 'other' });
    expect(await rotate()).toEqual({ rotated: 2, sealed: [] });
    const alone = await reveal(new MasterKey(newKey), 'con_a', 'con_b');
    expect([alone.open.get('con_a'), alone.open.get('con_b')]).toEqual([
      { UserName: 'ann', Secret: 'pä$$' },
      { Secret: 'other' },
    ]);
    expect((await reveal(onlyOld, 'con_a')).sealed.get('con_a')).toBeInstanceOf(SealBroken);
    expect(await rotate()).toEqual({ rotated: 0, sealed: [] });
  });

  it('fails no reader and no writer while it runs, on replicas of either step', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `con_${index}`);
    for (const id of ids) await write(onlyOld, id, { Secret: `${id}-0`, UserName: id });
    let isDone = false;
    let reads = 0;
    const reading = [knowsBoth, rotated].map(async (key) => {
      while (!isDone) {
        const { open, sealed } = await reveal(key, ...ids);
        expect([sealed.size, open.size, ids.every((id) => open.get(id)!['UserName'] === id)]).toEqual([0, 20, true]);
        reads += 1;
      }
    });
    const writing = ids.map((id, index) => write(index % 2 ? knowsBoth : rotated, id, { Secret: `${id}-1` }));
    const [first, second] = await Promise.all([rotate(), rotate(), ...writing]);
    isDone = true;
    await Promise.all(reading);
    const { open } = await reveal(new MasterKey(newKey), ...ids);
    expect(first.rotated + second.rotated).toBe(20);
    expect(ids.map((id) => open.get(id)!['Secret'])).toEqual(ids.map((id) => `${id}-1`));
    expect(reads).toBeGreaterThan(0);
  });

  it('renews a data key of before there were versions', async () => {
    const dataKey = randomBytes(32);
    await db.query(
      `insert into access.connection_key (tenant_id, connection_id, master_key_id, wrapped_key, created_at) values ($1, 'con_a', $2, $3, $4)`,
      [tenantId, onlyOld.id, onlyOld.wrap(dataKey, [tenantId, 'con_a']), at],
    );
    await db.query(`insert into access.connection_secret values ($1, 'con_a', 'Secret', $2, $3)`, [
      tenantId,
      seal(dataKey, Buffer.from('early'), [tenantId, 'con_a', 'Secret']),
      at,
    ]);
    expect((await reveal(onlyOld, 'con_a')).open.get('con_a')).toEqual({ Secret: 'early' });
    expect(await rotate(onlyOld)).toEqual({ rotated: 1, sealed: [] });
    expect((await reveal(onlyOld, 'con_a')).open.get('con_a')).toEqual({ Secret: 'early' });
  });

  it('names what no key of ours opens, and goes on with the others', async () => {
    await write(new MasterKey(randomBytes(32)), 'con_lost', { Secret: 'x' });
    await write(onlyOld, 'con_a', { Secret: 'y' });
    const result = await rotate();
    expect([result.rotated, result.sealed.map(({ connectionId }) => connectionId)]).toEqual([1, ['con_lost']]);
  });

  it('keeps what was sealed by an earlier data key from being put back', async () => {
    await write(onlyOld, 'con_a', { Secret: 'old' });
    const [earlier] = await db.query(`select sealed_value from access.connection_secret where connection_id = 'con_a'`);
    const [earlierKey] = await db.query(`select wrapped_key from access.connection_key where connection_id = 'con_a'`);
    await rotate();
    await db.query(`update access.connection_secret set sealed_value = $1 where connection_id = 'con_a'`, [earlier.sealed_value]);
    expect((await reveal(rotated, 'con_a')).sealed.has('con_a')).toBe(true);
    await db.query(`update access.connection_key set wrapped_key = $1, master_key_id = $2 where connection_id = 'con_a'`, [
      earlierKey.wrapped_key,
      onlyOld.id,
    ]);
    expect((await reveal(rotated, 'con_a')).sealed.has('con_a')).toBe(true);
  });
});
