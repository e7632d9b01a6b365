import { randomBytes } from 'node:crypto';
import type { SqlRunner } from '@trueup/access';
import { type RegistrationMode, type RegistrationStep, stateOf } from './registration-step.js';
import { scramVerifier } from './scram-verifier.js';

export interface LedgerPlace {
  steps: RegistrationStep[];
  role: string;
  /** Only when this run made or renewed it. */
  password: string | null;
}

/** The Postgres schema of the kind's ledger and a role that owns it and nothing else; the connector makes its tables itself. */
export async function prepareLedger(tx: SqlRunner, kind: string, mode: RegistrationMode): Promise<LedgerPlace> {
  const name = `connector_${kind.replaceAll('-', '_')}`;
  const [found] = await tx.query<{ hasRole: boolean; owner: string | null }[]>(
    `select exists (select 1 from pg_roles where rolname = $1) as "hasRole",
       (select pg_get_userbyid(nspowner) from pg_namespace where nspname = $1) as owner`,
    [name],
  );
  const { hasRole, owner } = found!;
  const needsPassword = !hasRole || mode.isRotating;
  const password = needsPassword && !mode.isDryRun ? randomBytes(32).toString('base64url') : null;
  if (password !== null) await setRole(tx, name, password, hasRole);
  if (owner === null && !mode.isDryRun) await tx.query(`create schema "${name}" authorization "${name}"`);
  const steps: RegistrationStep[] = [
    { what: `database role ${name}`, state: stateOf(hasRole, mode, true), detail: 'may use its own schema and nothing else' },
    { what: `database schema ${name}`, state: stateOf(owner !== null, mode), detail: `owned by ${owner ?? name}` },
  ];
  return { steps, role: name, password };
}

async function setRole(tx: SqlRunner, name: string, password: string, hasRole: boolean): Promise<void> {
  const verifier = scramVerifier(password);
  const rights = 'login nosuperuser nocreatedb nocreaterole noinherit';
  await tx.query(`${hasRole ? 'alter' : 'create'} role "${name}" ${rights} password '${verifier}'`);
  const [grant] = await tx.query<{ statement: string; isSuperuser: boolean }[]>(
    `select format('grant connect on database %I to %I', current_database(), $1::text) as statement,
       (select rolsuper from pg_roles where rolname = current_user) as "isSuperuser"`,
    [name],
  );
  await tx.query(grant!.statement);
  // Only a superuser may give a schema to a role that it is no member of.
  if (!grant!.isSuperuser) await tx.query(`grant "${name}" to current_user`);
}
