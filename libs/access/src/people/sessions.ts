import { createHash, randomUUIDv7 } from 'node:crypto';
import type { SqlRunner } from '../sql-runner.js';
import { hashOfToken, newTokenSecret } from '../token-secret.js';

/** A session ends this long after its last use, and in any case this long after it began. */
export const SESSION_IDLE_MS = 30 * 60_000;
export const SESSION_ABSOLUTE_MS = 12 * 3_600_000;

/** A person's session, as lists show it. */
export interface SessionRecord {
  id: string;
  createdAt: Date;
  expiresAt: Date;
  /** Coarse: at most one minute behind. */
  lastUsedAt: Date;
}

/** Begins a session. The secret, which the cookie carries, is in the answer alone. */
export async function beginSession(
  tx: SqlRunner,
  personId: string,
  at: Date,
): Promise<{ record: SessionRecord; secret: string }> {
  const secret = newTokenSecret('trs');
  const record = {
    id: `ses_${randomUUIDv7()}`,
    createdAt: at,
    expiresAt: new Date(at.getTime() + SESSION_ABSOLUTE_MS),
    lastUsedAt: at,
  };
  await tx.query(
    `insert into access.session (id, person_id, secret_hash, created_at, expires_at, last_used_at) values ($1, $2, $3, $4, $5, $4)`,
    [record.id, personId, hashOfToken(secret), at, record.expiresAt],
  );
  await tx.query('delete from access.session where person_id = $1 and (expires_at <= $2 or last_used_at <= $3)', [
    personId,
    at,
    idleSince(at),
  ]);
  return { record, secret };
}

/** The person's sessions that have not ended, oldest first. */
export async function listSessions(db: SqlRunner, personId: string, at: Date): Promise<SessionRecord[]> {
  const rows = await db.query<{ id: string; created_at: Date; expires_at: Date; last_used_at: Date }[]>(
    `select id, created_at, expires_at, last_used_at from access.session
     where person_id = $1 and expires_at > $2 and last_used_at > $3 order by id collate "C" limit 1000`,
    [personId, at, idleSince(at)],
  );
  return rows.map((row) => ({ id: row.id, createdAt: row.created_at, expiresAt: row.expires_at, lastUsedAt: row.last_used_at }));
}

/** Ends a session within a second on every replica. Whether the person had it. */
export async function endSession(tx: SqlRunner, personId: string, id: string): Promise<boolean> {
  const [, count] = await tx.query<[unknown[], number]>('delete from access.session where person_id = $1 and id = $2', [
    personId,
    id,
  ]);
  return count > 0;
}

/** Ends the session of a secret, whosever it is; one that does not exist has ended already. */
export async function forgetSession(tx: SqlRunner, secret: string): Promise<void> {
  await tx.query('delete from access.session where secret_hash = $1', [hashOfToken(secret)]);
}

/** What a page must send with every change: only a page that read it from us knows it, a foreign page that borrows the cookie does not. */
export function csrfTokenOf(sessionSecret: string): string {
  return createHash('sha256').update(`trueup csrf ${sessionSecret}`).digest('base64url');
}

function idleSince(at: Date): Date {
  return new Date(at.getTime() - SESSION_IDLE_MS);
}
