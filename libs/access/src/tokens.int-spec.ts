import { openDatabase } from '@trueup/persistence';
import { startedPostgres } from '@trueup/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { accessSchema } from './access-schema.js';
import { createTenant } from './tenants.js';
import { TokenVerifier } from './token-verifier.js';
import { createToken, deleteToken, findToken, listTokens } from './tokens.js';

let db: DataSource;
let tenantId: string;
const at = new Date('2026-03-01T10:00:00Z');

beforeAll(async () => {
  const { url } = await startedPostgres();
  db = await openDatabase({ url, applicationName: 'access-test', schemas: [accessSchema] });
  ({
    tenant: { id: tenantId },
  } = await createTenant(db, { name: 'Acme', createdAt: at }));
});
afterAll(() => db.destroy());

const verifier = (now = at) => new TokenVerifier(db, () => now);
const newToken = (more: object = {}) =>
  createToken(db, { tenantId, label: 'ci', scopes: ['billing:read'], reach: 'tenant', createdAt: at, ...more });

describe('tokens', () => {
  it('verify to their tenant, scopes and reach', async () => {
    const { record, secret } = await newToken({ reach: { customerCodes: ['C1'] } });
    expect(await verifier().verify(secret)).toEqual({
      tokenId: record.id,
      tenantId,
      label: 'ci',
      scopes: new Set(['billing:read']),
      reach: { customerCodes: ['C1'] },
    });
  });

  it('are unknown when a character differs', async () => {
    const { secret } = await newToken();
    expect(await verifier().verify(`${secret.slice(0, -1)}~`)).toBeNull();
  });

  it('end at their expiry, cached or not', async () => {
    const { secret } = await newToken({ expiresAt: new Date('2026-03-01T10:00:10Z') });
    let now = at;
    const moving = new TokenVerifier(db, () => now);
    const before = await moving.verify(secret);
    now = new Date('2026-03-01T10:00:10Z');
    expect([before === null, await moving.verify(secret)]).toEqual([false, null]);
  });

  it('stop within a second after deletion at a verifier that had just seen them', async () => {
    const { record, secret } = await newToken();
    const other = verifier();
    expect(await other.verify(secret)).not.toBeNull();
    const deletedAtMs = performance.now();
    await deleteToken(db, tenantId, record.id);
    while ((await other.verify(secret)) !== null) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(performance.now() - deletedAtMs).toBeLessThan(1000);
  });

  it('are not deleted, found or listed by another tenant', async () => {
    const { record, secret } = await newToken();
    const other = await createTenant(db, { name: 'Other', createdAt: at });
    await deleteToken(db, other.tenant.id, record.id);
    const listed = await listTokens(db, other.tenant.id, { limit: 100 });
    expect(await findToken(db, other.tenant.id, record.id)).toBeNull();
    expect(listed.map((token) => token.id)).not.toContain(record.id);
    expect(await verifier().verify(secret)).not.toBeNull();
  });

  it('are listed page by page, each once', async () => {
    const { tenant } = await createTenant(db, { name: 'Paged', createdAt: at });
    for (const label of ['c', 'd', 'e']) await newToken({ tenantId: tenant.id, label });
    const labels: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await listTokens(db, tenant.id, { after, limit: 2 });
      labels.push(...page.map((token) => token.label));
      after = page.at(-1)?.id;
      if (after === undefined) break;
    }
    // Ids order by the millisecond; what is made within one comes in any order.
    expect(labels.toSorted()).toEqual(['admin', 'c', 'd', 'e', 'events']);
  });

  it('show when they were last used', async () => {
    const { record, secret } = await newToken();
    const usedAt = new Date('2026-03-02T00:00:00Z');
    await verifier(usedAt).verify(secret);
    expect((await findToken(db, tenantId, record.id))?.lastUsedAt).toEqual(usedAt);
  });

  it('leave no secret in the database', async () => {
    const { secret } = await newToken();
    const rows = await db.query(`select t::text as row from access.token t`);
    const dump = JSON.stringify(rows);
    expect([dump.includes(secret), dump.includes(secret.slice(9, 40))]).toEqual([false, false]);
  });
});
