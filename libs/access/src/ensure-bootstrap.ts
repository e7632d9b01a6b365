import type { DataSource, EntityManager } from 'typeorm';
import { inTransaction } from '@trueup/persistence';
import { SCOPES } from '@trueup/contracts';
import { setServiceTokens } from './service-tokens.js';
import { createTenant } from './tenants.js';
import type { Tenant } from './tenants.js';
import { hashOfToken } from './token-secret.js';

export interface Bootstrap {
  /** The first tenant; absent when the operator makes tenants by other means. */
  tenant?: { name: string; adminToken: string; eventsToken: string };
  /** Connector kind → secret of its service token. */
  serviceTokens: ReadonlyMap<string, string>;
  at: Date;
  /** What else a new tenant needs, in the same transaction. */
  onTenantCreated(tx: EntityManager, tenant: Tenant): Promise<void>;
}

/**
 * Makes the first tenant with exactly the given tokens unless one of them is known already, and sets
 * the service tokens. Safe to run in several processes at once and at every start.
 */
export async function ensureBootstrap(db: DataSource, bootstrap: Bootstrap): Promise<void> {
  await inTransaction(db, async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('trueup access bootstrap'))`);
    await setServiceTokens(tx, bootstrap.serviceTokens, bootstrap.at);
    if (bootstrap.tenant) await ensureTenant(tx, bootstrap, bootstrap.tenant);
  });
}

async function ensureTenant(tx: EntityManager, bootstrap: Bootstrap, wanted: NonNullable<Bootstrap['tenant']>): Promise<void> {
  // One token that is known shows that the tenant was made; the other was deleted by a person and stays so.
  const known = await tx.query<unknown[]>('select 1 from access.token where secret_hash = any($1)', [
    [hashOfToken(wanted.adminToken), hashOfToken(wanted.eventsToken)],
  ]);
  if (known.length > 0) return;
  const { tenant } = await createTenant(tx, {
    name: wanted.name,
    createdAt: bootstrap.at,
    secrets: { admin: wanted.adminToken, events: wanted.eventsToken },
    adminScopes: SCOPES,
  });
  await bootstrap.onTenantCreated(tx, tenant);
}
