import { createHash } from 'node:crypto';
import { sqlStateOf } from '@trueup/persistence';
import type { SqlRunner } from './sql-runner.js';

/** Which request: one key names one request per tenant and route. */
export interface IdempotentRequest {
  tenantId: string;
  route: string;
  key: string;
  /** The request's content in canonical form; the same key with other content is a mistake. */
  content: string;
  at: Date;
}

/**
 * `first`: do the work, then `keepAnswer`. `repeat`: answer this again. `mismatch`: the key was used for another request. `running`: the
 * first request is still at work; this transaction can do nothing but end.
 */
export type Claim =
  { state: 'first' } | { state: 'repeat'; status: number; body: unknown } | { state: 'mismatch' } | { state: 'running' };

/** Postgres: a lock was not to be had in time. */
const LOCK_NOT_AVAILABLE = '55P03';

/** Claims the key inside the transaction that does the work; a second claimant waits a second for the first one to end. */
export async function claimKey(tx: SqlRunner, request: IdempotentRequest): Promise<Claim> {
  const fingerprint = createHash('sha256').update(request.content).digest();
  const isFirst = await isInserted(tx, request, fingerprint);
  if (isFirst === null) return { state: 'running' };
  return isFirst ? { state: 'first' } : await earlierAnswer(tx, request, fingerprint);
}

async function isInserted(tx: SqlRunner, request: IdempotentRequest, fingerprint: Buffer): Promise<boolean | null> {
  await tx.query(`set local lock_timeout = '1s'`);
  try {
    const inserted = await tx.query<unknown[]>(
      `insert into access.idempotent_answer (tenant_id, route, key, fingerprint, created_at)
       values ($1, $2, $3, $4, $5) on conflict do nothing returning key`,
      [request.tenantId, request.route, request.key, fingerprint, request.at],
    );
    await tx.query('set local lock_timeout = 0'); // the work itself waits for its locks as long as it must
    return inserted.length > 0;
  } catch (error) {
    if (sqlStateOf(error) === LOCK_NOT_AVAILABLE) return null;
    throw error;
  }
}

/** Stores the answer beside the claimed key. Never hand it a secret: it is stored as it is. */
export async function keepAnswer(tx: SqlRunner, request: IdempotentRequest, status: number, body: unknown): Promise<void> {
  await tx.query(
    `update access.idempotent_answer set status = $4, body = $5
     where tenant_id = $1 and route = $2 and key = $3`,
    [request.tenantId, request.route, request.key, status, JSON.stringify(body)],
  );
}

async function earlierAnswer(tx: SqlRunner, request: IdempotentRequest, fingerprint: Buffer): Promise<Claim> {
  const rows = await tx.query<{ fingerprint: Buffer; status: number; body: unknown }[]>(
    `select fingerprint, status, body from access.idempotent_answer
     where tenant_id = $1 and route = $2 and key = $3`,
    [request.tenantId, request.route, request.key],
  );
  const row = rows[0];
  if (!row) return { state: 'running' }; // forgotten in between: asked again it is a first request
  if (!row.fingerprint.equals(fingerprint)) return { state: 'mismatch' };
  return { state: 'repeat', status: row.status, body: row.body };
}

/** Forgets the oldest answers given before the instant, at most `limit` of them and none that somebody is at. Answers how many. */
export async function forgetAnswers(db: SqlRunner, before: Date, limit: number): Promise<number> {
  const forgotten = await db.query<{ count: number }[]>(
    `with old as (
       select ctid from access.idempotent_answer where created_at < $1 order by created_at limit $2 for update skip locked
     ), gone as (
       delete from access.idempotent_answer a using old where a.ctid = old.ctid returning 1
     )
     select count(*)::int as count from gone`,
    [before, limit],
  );
  return forgotten[0]!.count;
}
