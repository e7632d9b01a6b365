import { randomUUIDv7 } from 'node:crypto';
import { SCOPES } from '@trueup/contracts';
import type { SqlRunner } from './sql-runner.js';
import { createToken } from './tokens.js';

export interface Tenant {
  id: string;
  name: string;
  createdAt: Date;
}

export interface NewTenant {
  name: string;
  createdAt: Date;
  /** Given only at bootstrap: the secrets of its two tokens and what the admin one may do. */
  secrets?: { admin: string; events: string };
  adminScopes?: readonly string[];
}

/** What the admin token of a new tenant may do: everything but making further tenants. */
const tenantAdminScopes = SCOPES.filter((scope) => scope !== 'tenants:admin');

/** Makes a tenant with its first two tokens, whose secrets this answer alone holds. */
export async function createTenant(
  tx: SqlRunner,
  wanted: NewTenant,
): Promise<{ tenant: Tenant; tokens: { admin: string; events: string } }> {
  const { name, createdAt, secrets } = wanted;
  const tenant = { id: `ten_${randomUUIDv7()}`, name, createdAt };
  await tx.query('insert into access.tenant (id, name, created_at) values ($1, $2, $3)', [tenant.id, name, createdAt]);
  return { tenant, tokens: await firstTokens(tx, { tenantId: tenant.id, createdAt, secrets, adminScopes: wanted.adminScopes }) };
}

/** All tenants, oldest first, those after the id `after`. */
export async function listTenants(db: SqlRunner, page: { after?: string; limit: number }): Promise<Tenant[]> {
  const rows = await db.query<{ id: string; name: string; created_at: Date }[]>(
    `select id, name, created_at from access.tenant
     where id collate "C" > $1 order by id collate "C" limit $2`,
    [page.after ?? '', page.limit],
  );
  return rows.map((row) => ({ id: row.id, name: row.name, createdAt: row.created_at }));
}

/** One tenant, or null. */
export async function findTenant(db: SqlRunner, id: string): Promise<Tenant | null> {
  const rows = await db.query<{ id: string; name: string; created_at: Date }[]>(
    'select id, name, created_at from access.tenant where id = $1',
    [id],
  );
  const row = rows[0];
  return row ? { id: row.id, name: row.name, createdAt: row.created_at } : null;
}

/**
 * Ends all tokens and sessions of a tenant and makes its first two tokens anew: for the day on which one of them leaked and nobody
 * knows which. Null when there is no such tenant.
 */
export async function rotateTenantTokens(
  tx: SqlRunner,
  id: string,
  at: Date,
): Promise<{ tenant: Tenant; tokens: { admin: string; events: string } } | null> {
  const tenant = await findTenant(tx, id);
  if (!tenant) return null;
  await tx.query('delete from access.token where tenant_id = $1', [id]);
  await tx.query('delete from access.session where person_id in (select id from access.person where tenant_id = $1)', [id]);
  return { tenant, tokens: await firstTokens(tx, { tenantId: id, createdAt: at }) };
}

interface FirstTokens extends Pick<NewTenant, 'createdAt' | 'secrets' | 'adminScopes'> {
  tenantId: string;
}

async function firstTokens(
  tx: SqlRunner,
  { tenantId, createdAt, secrets, adminScopes: scopes = tenantAdminScopes }: FirstTokens,
): Promise<{ admin: string; events: string }> {
  const common = { tenantId, reach: 'tenant', createdAt } as const;
  const admin = await createToken(tx, { ...common, label: 'admin', scopes, secret: secrets?.admin });
  const events = await createToken(tx, { ...common, label: 'events', scopes: ['events:write'], secret: secrets?.events });
  return { admin: admin.secret, events: events.secret };
}
