import { randomUUIDv7 } from 'node:crypto';
import type { Reach } from '@trueup/contracts';
import type { SqlRunner } from './sql-runner.js';
import { hashOfToken, newTokenSecret, visiblePrefixOf } from './token-secret.js';

/** A token as lists show it: everything but the secret. */
export interface TokenRecord {
  id: string;
  /** Whose it is; null for tokens of programs. */
  personId: string | null;
  label: string;
  prefix: string;
  scopes: string[];
  reach: Reach;
  createdAt: Date;
  expiresAt: Date | null;
  /** Coarse: at most one minute behind. */
  lastUsedAt: Date | null;
}

export interface NewToken {
  tenantId: string;
  /** A person of the same tenant, whose roles then limit the token. */
  personId?: string | null;
  label: string;
  scopes: readonly string[];
  reach: Reach;
  expiresAt?: Date | null;
  createdAt: Date;
  /** Given only at bootstrap; otherwise a new random secret. */
  secret?: string;
}

interface TokenRow {
  id: string;
  person_id: string | null;
  label: string;
  prefix: string;
  scopes: string[];
  reach: Reach;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
}

const columns = 'id, person_id, label, prefix, scopes, reach, created_at, expires_at, last_used_at';

/** Makes a token. The secret is in the answer and nowhere else: only its hash is stored. */
export async function createToken(tx: SqlRunner, token: NewToken): Promise<{ record: TokenRecord; secret: string }> {
  const secret = token.secret ?? newTokenSecret();
  const rows = await tx.query<TokenRow[]>(
    `insert into access.token (id, tenant_id, label, secret_hash, prefix, scopes, reach, created_at, expires_at, person_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning ${columns}`,
    [
      `tok_${randomUUIDv7()}`,
      token.tenantId,
      token.label,
      hashOfToken(secret),
      visiblePrefixOf(secret),
      [...token.scopes],
      JSON.stringify(token.reach),
      token.createdAt,
      token.expiresAt ?? null,
      token.personId ?? null,
    ],
  );
  return { record: recordOf(rows[0]!), secret };
}

/** The tenant's tokens by id (oldest first, to the millisecond), those after the id `after`. */
export async function listTokens(
  db: SqlRunner,
  tenantId: string,
  page: { after?: string; limit: number },
): Promise<TokenRecord[]> {
  const rows = await db.query<TokenRow[]>(
    `select ${columns} from access.token
     where tenant_id = $1 and id collate "C" > $2 order by id collate "C" limit $3`,
    [tenantId, page.after ?? '', page.limit],
  );
  return rows.map(recordOf);
}

/** One token, or null when the tenant has none of this id. */
export async function findToken(db: SqlRunner, tenantId: string, id: string): Promise<TokenRecord | null> {
  const rows = await db.query<TokenRow[]>(`select ${columns} from access.token where tenant_id = $1 and id = $2`, [tenantId, id]);
  return rows[0] ? recordOf(rows[0]) : null;
}

/** Ends a token; every service refuses it within one second. */
export async function deleteToken(tx: SqlRunner, tenantId: string, id: string): Promise<boolean> {
  const [, count] = await tx.query<[unknown[], number]>('delete from access.token where tenant_id = $1 and id = $2', [
    tenantId,
    id,
  ]);
  return count > 0;
}

function recordOf(row: TokenRow): TokenRecord {
  return {
    id: row.id,
    personId: row.person_id,
    label: row.label,
    prefix: row.prefix,
    scopes: row.scopes,
    reach: row.reach,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  };
}
