import { DATABASE_ROLES } from '@trueup/contracts';
import type { EntityManager, QueryRunner } from 'typeorm';
import type { StoreSchema } from '../store-schema.js';
import { type Grounds, grantsOn, readGrounds, type TableGround } from './table-grounds.js';
import { EVERY_TENANT, ONE_TENANT, tenantCondition } from './tenant-policy.js';

/**
 * Brings the row-level security and the rights of every table of a schema to what they should be, after each run of its migrations: a
 * table with a tenant_id is walled without further ado. What is right already is not touched, so that a start takes no locks.
 * Does nothing for a role that does not own the schema: its owner has built the walls.
 * @param isOwnerAlone whether the owner's role also does the daily work, as before there were roles: then a policy lets it through.
 */
export async function buildWalls(runner: QueryRunner, schema: StoreSchema, isOwnerAlone: boolean): Promise<void> {
  const grounds = await readGrounds(runner, schema.name);
  if (!grounds.isOwn) return;
  const passing = passingRoles(grounds, isOwnerAlone);
  const served = isOwnerAlone ? [] : grounds.roles; // whoever works alone lets nobody else in
  for (const table of grounds.tables) {
    const statements = [...wallStatements(schema, table, passing), ...rightStatements(schema, table, served)];
    if (statements.length > 0) await runner.manager.transaction((tx) => runAll(tx, statements)); // locks one table at a time
  }
  for (const statement of isOwnerAlone ? [] : grounds.rolesWithout) await runner.query(statement);
}

async function runAll(tx: EntityManager, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await tx.query(statement);
}

/** Who sees every tenant. The owner alone cannot take the worker's place away: a mixed fleet would quarrel. */
function passingRoles({ roles, owner, isSuperuser }: Grounds, isOwnerAlone: boolean): string[] {
  const worker = roles.filter((role) => role === DATABASE_ROLES.worker);
  return isOwnerAlone && !isSuperuser ? [...worker, owner] : worker;
}

function wallStatements(schema: StoreSchema, table: TableGround, passing: readonly string[]): string[] {
  const condition = conditionOf(schema, table);
  if (condition === null) return [];
  const name = `"${schema.name}"."${table.name}"`;
  const policies = new Map(Object.entries(table.policies));
  const to = passing.map((role) => `"${role}"`).join(', ');
  return [
    ...(policies.has(ONE_TENANT) ? [] : [`create policy ${ONE_TENANT} on ${name} using (${condition})`]),
    ...passage(policies.get(EVERY_TENANT), passing).map((policy) => `${policy} on ${name} to ${to} using (true)`),
    ...(table.isSecured ? [] : [`alter table ${name} enable row level security`]),
    ...(table.isForced ? [] : [`alter table ${name} force row level security`]),
  ];
}

/** A policy always names somebody: where nobody is to pass there is none, and one that was there stays until somebody is. */
function passage(present: readonly string[] | undefined, passing: readonly string[]): string[] {
  if (passing.length === 0 || isSame(present ?? [], passing)) return [];
  return [`${present ? 'alter' : 'create'} policy ${EVERY_TENANT}`];
}

/** The role of one tenant may use what a wall stands before, and nothing else. */
function rightStatements(schema: StoreSchema, table: TableGround, roles: readonly string[]): string[] {
  const isWalled = conditionOf(schema, table) !== null;
  return roles.flatMap((role) => {
    const wanted = grantsOn(schema, table.name, role === DATABASE_ROLES.app && !isWalled);
    if (isSame(table.rights[role] ?? [], wanted)) return [];
    const name = `"${schema.name}"."${table.name}"`;
    return [
      `revoke all on ${name} from "${role}"`,
      ...(wanted.length > 0 ? [`grant ${wanted.join(', ')} on ${name} to "${role}"`] : []),
    ];
  });
}

function conditionOf({ rowsOfTenant }: StoreSchema, table: TableGround): string | null {
  return rowsOfTenant?.[table.name] ?? (table.hasTenantId ? tenantCondition('tenant_id') : null);
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((member) => other.includes(member));
}
