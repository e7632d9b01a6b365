import { createHmac } from 'node:crypto';
import { DATABASE_ROLES, type DatabaseRole } from '@trueup/contracts';
import pg from 'pg';

export type RolePasswords = Readonly<Record<DatabaseRole, string>>;

/** The addresses of one database by role; `owner` is the one that was there before the others. */
export interface DatabaseUrls {
  readonly owner: string;
  readonly app: string;
  readonly worker: string;
}

// Serialises makers of the roles on one server, which belong to all of its databases.
const LOCK_SPACE = 0x726f;
const POWERLESS = 'login nosuperuser nobypassrls nocreatedb nocreaterole noreplication noinherit';
// A migration that rewrites rows must see them: a superuser does, another owner as a member.
const LET_OWNER_MIGRATE = `do $$ begin
  if not pg_has_role(current_user, '${DATABASE_ROLES.worker}', 'member') then grant ${DATABASE_ROLES.worker} to current_user; end if; end $$`;
const IS_POWERLESS = `select rolcanlogin and not (rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication or rolinherit)
  as "isPowerless" from pg_roles where rolname = $1`;

/** The same database for each role. A role's password follows from the owner's, and leads nowhere back. */
export function databaseUrls(ownerUrl: string, passwords: RolePasswords = derivedPasswords(ownerUrl)): DatabaseUrls {
  return { owner: ownerUrl, app: urlOf(ownerUrl, 'app', passwords), worker: urlOf(ownerUrl, 'worker', passwords) };
}

/** Makes the roles that are missing on the server and gives them these passwords; several may do it at once. */
export async function ensureDatabaseRoles(
  ownerUrl: string,
  passwords: RolePasswords = derivedPasswords(ownerUrl),
): Promise<void> {
  const server = new URL(ownerUrl);
  server.pathname = '/postgres'; // advisory locks are a database's own, roles are the server's
  const client = new pg.Client({ connectionString: server.href });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1, 0)', [LOCK_SPACE]);
    for (const role of Object.keys(DATABASE_ROLES) as DatabaseRole[]) await ensureRole(client, role, passwords[role]);
    await client.query(LET_OWNER_MIGRATE);
  } finally {
    await client.end(); // and with it the lock
  }
}

/** What is right already stays untouched: on a server of tests many come at once, and each change of a role is a change for all. */
async function ensureRole(client: pg.Client, role: DatabaseRole, password: string): Promise<void> {
  const name = DATABASE_ROLES[role];
  const { rows } = await client.query<{ isPowerless: boolean }>(IS_POWERLESS, [name]);
  if (rows[0]?.isPowerless && (await isPassword(client, name, password))) return;
  const verb = rows.length === 0 ? 'create' : 'alter';
  await client.query(`${verb} role ${client.escapeIdentifier(name)} ${POWERLESS} password ${client.escapeLiteral(password)}`);
}

async function isPassword({ host, port, database }: pg.Client, user: string, password: string): Promise<boolean> {
  const login = new pg.Client({ host, port, database, user, password });
  try {
    await login.connect();
    return true;
  } catch {
    return false; // another password, or none: it is set now
  } finally {
    await login.end();
  }
}

/** The password in an address. */
export function passwordOf(url: string): string {
  return decodeURIComponent(new URL(url).password);
}

function derivedPasswords(ownerUrl: string): RolePasswords {
  const secret = passwordOf(ownerUrl);
  const derived = (role: DatabaseRole) => createHmac('sha256', secret).update(DATABASE_ROLES[role]).digest('base64url');
  return { app: derived('app'), worker: derived('worker') };
}

function urlOf(ownerUrl: string, role: DatabaseRole, passwords: RolePasswords): string {
  const url = new URL(ownerUrl);
  url.username = DATABASE_ROLES[role];
  url.password = passwords[role];
  return url.href;
}
