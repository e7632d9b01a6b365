import { DATABASE_ROLES } from '@trueup/contracts';
import type { QueryRunner } from 'typeorm';
import type { StoreSchema } from '../store-schema.js';

/** A table as the catalogue has it. */
export interface TableGround {
  name: string;
  hasTenantId: boolean;
  isSecured: boolean;
  isForced: boolean;
  /** Policy → its roles. */
  policies: Record<string, string[]>;
  /** Role → what it may. */
  rights: Record<string, string[]>;
}

export interface Grounds {
  /** Whether the current role owns the schema. */
  isOwn: boolean;
  owner: string;
  /** Nothing holds a superuser. */
  isSuperuser: boolean;
  /** Which of the product's two roles exist on this server. */
  roles: string[];
  /** Statements that let a role into the schema, where it is not. */
  rolesWithout: string[];
  tables: TableGround[];
}

const ROLES = Object.values(DATABASE_ROLES);
const MIGRATIONS = 'migration';

/** What walls and rights a schema has. */
export async function readGrounds(runner: QueryRunner, schema: string): Promise<Grounds> {
  const [head] = (await runner.query(
    `select pg_has_role(nspowner, 'usage') as "isOwn", current_user as owner,
       (select rolsuper from pg_roles where rolname = current_user) as "isSuperuser",
       (select coalesce(array_agg(rolname::text), '{}') from pg_roles where rolname = any($2)) as roles,
       (select coalesce(array_agg(rolname::text), '{}') from pg_roles where rolname = any($2) and not has_schema_privilege(oid, n.oid, 'usage')) as outside,
       exists (select 1 from pg_default_acl where defaclnamespace = n.oid and defaclobjtype = 'r') as "hasDefaults"
     from pg_namespace n where nspname = $1`,
    [schema, ROLES],
  )) as (Omit<Grounds, 'rolesWithout' | 'tables'> & { outside: string[]; hasDefaults: boolean })[];
  const { outside, hasDefaults, ...rest } = head!;
  return { ...rest, rolesWithout: entries(schema, { ...rest, outside, hasDefaults }), tables: await readTables(runner, schema) };
}

/** Rights that go to a role. TypeORM's list of migrations is read by whoever starts. */
export function grantsOn({ growingOnly = [] }: StoreSchema, table: string, isWithheld: boolean): string[] {
  if (isWithheld) return [];
  if (table === MIGRATIONS) return ['SELECT'];
  return growingOnly.includes(table) ? ['SELECT', 'INSERT'] : ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];
}

/** Later tables open to the worker as they are made; to the role of one tenant only when their wall stands. */
function entries(schema: string, found: { roles: string[]; outside: string[]; hasDefaults: boolean }): string[] {
  const { worker } = DATABASE_ROLES;
  const defaults = `alter default privileges in schema "${schema}" grant select, insert, update, delete on tables to "${worker}"`;
  return [
    ...found.outside.map((role) => `grant usage on schema "${schema}" to "${role}"`),
    ...(found.roles.includes(worker) && !found.hasDefaults ? [defaults] : []),
  ];
}

async function readTables(runner: QueryRunner, schema: string): Promise<TableGround[]> {
  return (await runner.query(
    `select c.relname::text as name, c.relrowsecurity as "isSecured", c.relforcerowsecurity as "isForced",
       exists (select 1 from pg_attribute where attrelid = c.oid and attname = 'tenant_id' and not attisdropped) as "hasTenantId",
       (select coalesce(jsonb_object_agg(polname, (select jsonb_agg(rolname) from pg_roles where oid = any(polroles))), '{}')
        from pg_policy where polrelid = c.oid) as policies,
       (select coalesce(jsonb_object_agg(rolname, privileges), '{}') from (
          select rolname, jsonb_agg(privilege_type) as privileges from aclexplode(c.relacl) join pg_roles r on r.oid = grantee
          where rolname = any($2) group by rolname) granted) as rights
     from pg_class c where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') order by c.relname`,
    [`"${schema}"`, ROLES],
  )) as TableGround[];
}
