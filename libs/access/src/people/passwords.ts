import type { SqlRunner } from '../sql-runner.js';
import { hashOfToken, newTokenSecret } from '../token-secret.js';
import { hashPassword, verifyPassword } from './password-hash.js';
import { emailKeyOf } from './people.js';

const invitationHours = 72;
/** One e-mail may belong to people of several tenants; more than this many are not tried. */
const maxCandidates = 5;

export interface SignIn {
  email: string;
  password: string;
  /** Only needed by people who use the same e-mail and password at several tenants. */
  tenantId?: string;
}

/** Who signed in. */
export interface SignedIn {
  personId: string;
  tenantId: string;
  name: string;
}

/** Gives the right to set a password once, within three days; an earlier one ends. The secret is in the answer alone. */
export async function invite(tx: SqlRunner, personId: string, at: Date): Promise<{ secret: string; expiresAt: Date }> {
  const secret = newTokenSecret('tri');
  const expiresAt = new Date(at.getTime() + invitationHours * 3_600_000);
  await tx.query(
    `insert into access.invitation (person_id, secret_hash, expires_at) values ($1, $2, $3)
     on conflict (person_id) do update set secret_hash = excluded.secret_hash, expires_at = excluded.expires_at`,
    [personId, hashOfToken(secret), expiresAt],
  );
  return { secret, expiresAt };
}

/** Sets the password by an invitation, which is then spent; all sessions of before end. Null when it is unknown, spent or expired. */
export async function acceptInvitation(tx: SqlRunner, secret: string, password: string, at: Date): Promise<SignedIn | null> {
  const [rows] = await tx.query<[{ person_id: string }[], number]>(
    'delete from access.invitation where secret_hash = $1 and expires_at > $2 returning person_id',
    [hashOfToken(secret), at],
  );
  return rows[0] ? setPassword(tx, rows[0].person_id, password) : null;
}

/** Sets the password; all sessions but `keptSessionId` end, and so does an open invitation. */
export async function setPassword(tx: SqlRunner, personId: string, password: string, keptSessionId = ''): Promise<SignedIn> {
  const [rows] = await tx.query<[PersonRow[], number]>(
    'update access.person set password_hash = $2 where id = $1 returning id, tenant_id, name',
    [personId, await hashPassword(password)],
  );
  await tx.query('delete from access.session where person_id = $1 and id <> $2', [personId, keptSessionId]);
  await tx.query('delete from access.invitation where person_id = $1', [personId]);
  return signedIn(rows[0]!);
}

/** Whether this is the person's password. */
export async function isPasswordOf(db: SqlRunner, personId: string, password: string): Promise<boolean> {
  const rows = await db.query<{ password_hash: string | null }[]>('select password_hash from access.person where id = $1', [
    personId,
  ]);
  return (await verifyPassword(rows[0]?.password_hash ?? null, password)).isRight;
}

/**
 * The person of this e-mail and password, or null. An unknown e-mail costs the same work as a wrong password. Renews a hash that is
 * cheaper than those made now.
 */
export async function signIn(db: SqlRunner, { email, password, tenantId }: SignIn): Promise<SignedIn | null> {
  const candidates = await db.query<(PersonRow & { password_hash: string })[]>(
    `select id, tenant_id, name, password_hash from access.person
     where email_key = $1 and password_hash is not null and ($2::text is null or tenant_id = $2)
     order by id collate "C" limit $3`,
    [emailKeyOf(email), tenantId ?? null, maxCandidates],
  );
  if (candidates.length === 0) await verifyPassword(null, password);
  for (const candidate of candidates) {
    const { isRight, isOutdated } = await verifyPassword(candidate.password_hash, password);
    if (!isRight) continue;
    if (isOutdated) await renewHash(db, candidate, password);
    return signedIn(candidate);
  }
  return null;
}

interface PersonRow {
  id: string;
  tenant_id: string;
  name: string;
}

async function renewHash(db: SqlRunner, { id, password_hash }: PersonRow & { password_hash: string }, password: string) {
  // Compared with what was verified: a password that was set meanwhile stays.
  await db.query('update access.person set password_hash = $2 where id = $1 and password_hash = $3', [
    id,
    await hashPassword(password),
    password_hash,
  ]);
}

function signedIn({ id, tenant_id, name }: PersonRow): SignedIn {
  return { personId: id, tenantId: tenant_id, name };
}
