import { createHash } from 'node:crypto';
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

/** `first`: do the work, then `keepAnswer`. `repeat`: answer this again. `mismatch`: the key was used for another request. */
export type Claim = { state: 'first' } | { state: 'repeat'; status: number; body: unknown } | { state: 'mismatch' };

/** Claims the key inside the transaction that does the work; a second claimant waits until the first one ended. */
export async function claimKey(tx: SqlRunner, request: IdempotentRequest): Promise<Claim> {
  const fingerprint = createHash('sha256').update(request.content).digest();
  const inserted = await tx.query<unknown[]>(
    `insert into access.idempotent_answer (tenant_id, route, key, fingerprint, created_at)
     values ($1, $2, $3, $4, $5) on conflict do nothing returning key`,
    [request.tenantId, request.route, request.key, fingerprint, request.at],
  );
  return inserted.length > 0 ? { state: 'first' } : await earlierAnswer(tx, request, fingerprint);
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
  if (!row || !row.fingerprint.equals(fingerprint)) return { state: 'mismatch' };
  return { state: 'repeat', status: row.status, body: row.body };
}
