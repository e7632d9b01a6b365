import { randomUUIDv7 } from 'node:crypto';
import type { Reach } from '@trueup/contracts';
import type { SqlRunner } from '../sql-runner.js';

/** A person of a tenant, as lists show it. */
export interface Person {
  id: string;
  email: string;
  name: string;
  roles: string[];
  reach: Reach;
  /** False until the first invitation was accepted. */
  hasPassword: boolean;
  createdAt: Date;
}

export interface NewPerson {
  tenantId: string;
  email: string;
  name: string;
  roles: readonly string[];
  reach: Reach;
  createdAt: Date;
}

interface PersonRow {
  id: string;
  email: string;
  name: string;
  roles: string[];
  reach: Reach;
  has_password: boolean;
  created_at: Date;
}

const columns = 'id, email, name, roles, reach, password_hash is not null as has_password, created_at';

/** Addresses that differ in case or spaces around are one. */
export function emailKeyOf(email: string): string {
  return email.trim().normalize('NFKC').toLowerCase();
}

/** Makes a person without a password, or null when the tenant has one of this e-mail already. */
export async function createPerson(tx: SqlRunner, person: NewPerson): Promise<Person | null> {
  const { tenantId, email, name, roles, reach, createdAt } = person;
  const rows = await tx.query<PersonRow[]>(
    `insert into access.person (id, tenant_id, email, email_key, name, roles, reach, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (tenant_id, email_key) do nothing returning ${columns}`,
    [`per_${randomUUIDv7()}`, tenantId, email.trim(), emailKeyOf(email), name, [...roles], JSON.stringify(reach), createdAt],
  );
  return rows[0] ? personOf(rows[0]) : null;
}

/** The tenant's people by id (oldest first, to the millisecond), those after the id `after`. */
export async function listPeople(db: SqlRunner, tenantId: string, page: { after?: string; limit: number }): Promise<Person[]> {
  const rows = await db.query<PersonRow[]>(
    `select ${columns} from access.person where tenant_id = $1 and id collate "C" > $2 order by id collate "C" limit $3`,
    [tenantId, page.after ?? '', page.limit],
  );
  return rows.map(personOf);
}

/** One person, or null when the tenant has none of this id. Inside a transaction that will change it, say so: it is locked. */
export async function findPerson(
  db: SqlRunner,
  tenantId: string,
  id: string,
  lock: 'for update' | '' = '',
): Promise<Person | null> {
  const rows = await db.query<PersonRow[]>(`select ${columns} from access.person where tenant_id = $1 and id = $2 ${lock}`, [
    tenantId,
    id,
  ]);
  return rows[0] ? personOf(rows[0]) : null;
}

/** Sets what the person may do and see; tokens and sessions follow within a second on every service. */
export async function setRoles(
  tx: SqlRunner,
  tenantId: string,
  id: string,
  { roles, reach }: Pick<Person, 'roles' | 'reach'>,
): Promise<Person | null> {
  const rows = await tx.query<[PersonRow[], number]>(
    `update access.person set roles = $3, reach = $4 where tenant_id = $1 and id = $2 returning ${columns}`,
    [tenantId, id, roles, JSON.stringify(reach)],
  );
  return rows[0][0] ? personOf(rows[0][0]) : null;
}

/** Forgets a person; its tokens and sessions end within a second. What it did stays told under its id. */
export async function deletePerson(tx: SqlRunner, tenantId: string, id: string): Promise<void> {
  await tx.query('delete from access.person where tenant_id = $1 and id = $2', [tenantId, id]);
}

function personOf({ id, email, name, roles, reach, has_password, created_at }: PersonRow): Person {
  return { id, email, name, roles, reach, hasPassword: has_password, createdAt: created_at };
}
