import { timingSafeEqual } from 'node:crypto';
import type { SqlRunner } from './sql-runner.js';
import { hashOfToken } from './token-secret.js';

/** Makes `secrets` (kind → secret) the only service tokens of these kinds. */
export async function setServiceTokens(tx: SqlRunner, secrets: ReadonlyMap<string, string>, at: Date): Promise<void> {
  for (const [kind, secret] of secrets) {
    const hash = hashOfToken(secret);
    await tx.query('delete from access.service_token where kind = $1 and secret_hash <> $2', [kind, hash]);
    await tx.query(
      `insert into access.service_token (secret_hash, kind, created_at) values ($1, $2, $3)
       on conflict (secret_hash) do nothing`,
      [hash, kind, at],
    );
  }
}

/** The connector kind that a service token stands for, or null. Read fresh at every call. */
export async function verifyServiceToken(db: SqlRunner, secret: string): Promise<string | null> {
  const hash = hashOfToken(secret);
  const rows = await db.query<{ kind: string; secret_hash: Buffer }[]>(
    'select kind, secret_hash from access.service_token where secret_hash = $1',
    [hash],
  );
  const row = rows[0];
  return row && timingSafeEqual(row.secret_hash, hash) ? row.kind : null;
}
