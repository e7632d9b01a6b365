import { SCOPES } from '@trueup/contracts';
import { openDatabase } from '@trueup/persistence';
import { startedPostgres } from '@trueup/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { accessSchema } from './access-schema.js';
import { ensureBootstrap } from './ensure-bootstrap.js';
import { verifyServiceToken } from './service-tokens.js';
import { listTenants } from './tenants.js';
import { TokenVerifier } from './token-verifier.js';
import { deleteToken } from './tokens.js';

const at = new Date('2026-03-01T10:00:00Z');
let db: DataSource;

beforeAll(async () => {
  const { url } = await startedPostgres();
  db = await openDatabase({ url, applicationName: 'access-test', schemas: [accessSchema] });
});
afterAll(() => db.destroy());

const created: string[] = [];
const bootstrap = (serviceToken = 'svc-1') =>
  ensureBootstrap(db, {
    tenant: { name: 'Demo', adminToken: 'the-admin', eventsToken: 'the-events' },
    serviceTokens: new Map([['autotask', serviceToken]]),
    at,
    onTenantCreated: async (_tx, tenant) => void created.push(tenant.id),
  });

describe('the bootstrap', () => {
  it('makes one tenant with the given tokens however often and concurrently it runs', async () => {
    await Promise.all([bootstrap(), bootstrap(), bootstrap()]);
    await bootstrap();
    const verifier = new TokenVerifier(db, () => at);
    const tenants = await listTenants(db, { limit: 10 });
    expect(tenants.map((tenant) => tenant.id)).toEqual(created);
    expect((await verifier.verify('the-admin'))?.scopes).toEqual(new Set(SCOPES));
    expect((await verifier.verify('the-events'))?.scopes).toEqual(new Set(['events:write']));
  });

  it('does not bring back a token that was deleted', async () => {
    await bootstrap();
    const verifier = new TokenVerifier(db, () => at);
    const { tenantId, tokenId } = (await verifier.verify('the-admin'))!;
    await deleteToken(db, tenantId, tokenId);
    await bootstrap();
    expect([await new TokenVerifier(db, () => at).verify('the-admin'), created.length]).toEqual([null, 1]);
  });

  it('makes the given service token the only one of its kind', async () => {
    await bootstrap('svc-1');
    await bootstrap('svc-2');
    const kinds = [await verifyServiceToken(db, 'svc-1'), await verifyServiceToken(db, 'svc-2')];
    expect(kinds).toEqual([null, 'autotask']);
  });
});
