import { randomBytes } from 'node:crypto';
import { inTransaction, openDatabase } from '@trueup/persistence';
import { startedPostgres } from '@trueup/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accessSchema } from '../access-schema.js';
import { MasterKey } from '../master-key.js';
import { createTenant } from '../tenants.js';
import { appendAudit } from './append-audit.js';
import { anchorAudit } from './audit-anchors.js';
import type { AuditAnchor } from './audit-anchors.js';
import { hashOfEntry } from './audit-entry.js';
import { listAudit } from './list-audit.js';
import { verifyAudit } from './verify-audit.js';

const at = new Date('2026-03-01T10:00:00.123Z');
const key = randomBytes(32);
const masterKey = new MasterKey(key);
let db: DataSource;
let tenantId: string;

beforeAll(async () => {
  const { url } = await startedPostgres();
  db = await openDatabase({ url, applicationName: 'audit-test', schemas: [accessSchema] });
});
afterAll(() => db.destroy());
beforeEach(async () => {
  tenantId = (await createTenant(db, { name: 'One', createdAt: at })).tenant.id;
});

const actOf = (name: string) => ({
  tenantId,
  at,
  actor: { kind: 'token' as const, id: `tok_${name}`, name },
  action: `things.${name}.put`,
  subject: { id: name },
  details: { body: { text: `\0 ü \ud800`, one: 1.5e300 } },
  requestId: 'req_1',
});
const tell = (name: string) => inTransaction(db, (tx) => appendAudit(tx, actOf(name)));
const tellAll = async (...names: string[]) => {
  for (const name of names) await tell(name);
};
const anchor = (by = masterKey) => anchorAudit(db, by, at);
const verify = (kept: readonly AuditAnchor[] = [], by = masterKey) => verifyAudit(db, by, tenantId, kept);
/** What an intruder with all rights in the database does. */
const tamper = (sql: string, ...more: unknown[]) =>
  inTransaction(db, async (tx) => {
    await tx.query('set local session_replication_role = replica');
    await tx.query(sql, [tenantId, ...more]);
  });

describe('an audit chain', () => {
  it('is whole as it is written, by many writers at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => tell(`n${index}`)));
    await anchor();
    expect(await verify()).toEqual({ entries: 20, anchoredTo: 20, firstFault: null });
  });

  it('is read newest first, page by page, by actor, action and time', async () => {
    await tellAll('a', 'b', 'a', 'c');
    const names = async (filter: object) =>
      (await listAudit(db, { tenantId, limit: 10, ...filter })).map(({ seq, actor }) => `${seq}${actor.name}`);
    expect(await names({})).toEqual(['4c', '3a', '2b', '1a']);
    expect(await names({ before: 3, limit: 1 })).toEqual(['2b']);
    expect(await names({ actor: 'tok_a' })).toEqual(['3a', '1a']);
    expect(await names({ action: 'things.b.put' })).toEqual(['2b']);
    expect(await names({ from: at })).toHaveLength(4);
    expect(await names({ to: at })).toEqual([]);
  });

  it('has no entry of an act that was rolled back', async () => {
    await tell('a');
    const failed = inTransaction(db, async (tx) => {
      await appendAudit(tx, actOf('b'));
      throw new Error('the act failed');
    });
    await expect(failed).rejects.toThrow('the act failed');
    await tell('c');
    expect(await verify()).toMatchObject({ entries: 2, firstFault: null });
  });

  it.each([
    `update access.audit_entry set action = 'x' where tenant_id = $1`,
    'delete from access.audit_entry where tenant_id = $1',
    `update access.audit_anchor set seq = 0 where tenant_id = $1`,
    'delete from access.audit_anchor where tenant_id = $1',
  ])('refuses %s', async (sql) => {
    await tell('a');
    await anchor();
    await expect(db.query(sql, [tenantId])).rejects.toThrow('only grows');
  });

  it('refuses to be truncated', async () => {
    await expect(db.query('truncate access.audit_entry')).rejects.toThrow('only grows');
  });
});

describe('verifying', () => {
  beforeEach(async () => {
    await tellAll('a', 'b', 'c', 'd');
  });

  it('names a changed entry', async () => {
    await tamper(`update access.audit_entry set content = replace(content, 'things', 'Things') where tenant_id = $1 and seq = 2`);
    expect(await verify()).toMatchObject({ entries: 1, firstFault: { seq: 2, detail: 'The content was changed' } });
  });

  it('names an entry that is found as what it is not', async () => {
    await tamper(`update access.audit_entry set actor_id = 'somebody else' where tenant_id = $1 and seq = 3`);
    expect((await verify()).firstFault).toMatchObject({ seq: 3 });
  });

  it('names the place of an entry deleted from the middle', async () => {
    await tamper('delete from access.audit_entry where tenant_id = $1 and seq = 2');
    expect((await verify()).firstFault).toEqual({ seq: 2, detail: 'Missing' });
  });

  it('names the first of two entries that changed places', async () => {
    await tamper('update access.audit_entry set seq = 5 - seq + 100 where tenant_id = $1 and seq in (2, 3)');
    await tamper('update access.audit_entry set seq = seq - 100 where tenant_id = $1 and seq > 100');
    expect((await verify()).firstFault).toMatchObject({ seq: 2 });
  });

  it('finds a missing tail by the head, and by an anchor when the head was set back too', async () => {
    await anchor();
    await tamper('delete from access.audit_entry where tenant_id = $1 and seq > 2');
    expect((await verify()).firstFault).toMatchObject({ seq: 3 });
    await setBackHead();
    expect((await verify()).firstFault).toEqual({ seq: 3, detail: 'Missing: a signed anchor knows 4 entries' });
  });

  it('finds a missing tail whose anchors are gone too, by those that were kept elsewhere', async () => {
    const kept = await anchor();
    await tamper('delete from access.audit_entry where tenant_id = $1 and seq > 2');
    await tamper('delete from access.audit_anchor where tenant_id = $1');
    await setBackHead();
    expect((await verify()).firstFault).toBeNull();
    expect((await verify(kept)).firstFault).toMatchObject({ seq: 3 });
  });

  it('finds a chain written anew, hashes and all', async () => {
    await anchor();
    const content = JSON.stringify({ ...actOf('d'), seq: 4 });
    const [third] = await db.query('select hash from access.audit_entry where tenant_id = $1 and seq = 3', [tenantId]);
    await tamper(
      'update access.audit_entry set content = $2, hash = $3 where tenant_id = $1 and seq = 4',
      content,
      hashOfEntry(third.hash, content),
    );
    expect((await verify()).firstFault).toMatchObject({ seq: 4, detail: 'Another entry was signed in its place' });
  });

  it('finds an anchor that no master key of ours signed', async () => {
    await anchor(new MasterKey(randomBytes(32)));
    expect((await verify()).firstFault).toEqual({ seq: 4, detail: 'Its anchor is not signed by a master key of ours' });
  });

  it('knows the anchors of a master key that was replaced', async () => {
    await anchor();
    const renewed = new MasterKey(randomBytes(32), [key]);
    await tell('e');
    await anchor(renewed);
    expect(await verify([], renewed)).toEqual({ entries: 5, anchoredTo: 5, firstFault: null });
  });

  it('needs no master key of before once the new one has signed', async () => {
    await anchor();
    const alone = new MasterKey(randomBytes(32));
    expect((await verify([], alone)).firstFault).toMatchObject({ seq: 4 });
    await anchor(alone);
    expect(await verify([], alone)).toEqual({ entries: 4, anchoredTo: 4, firstFault: null });
  });
});

async function setBackHead(): Promise<void> {
  await db.query(
    `update access.audit_head head set seq = 2, hash = entry.hash from access.audit_entry entry
     where head.tenant_id = $1 and entry.tenant_id = $1 and entry.seq = 2`,
    [tenantId],
  );
}
