import { inDatabase } from './product/in-database.js';

// As operators and the decision (docs/adr/0010) know them, not as the code calls them.
const APP = 'trueup_app';
const ROLES = [APP, 'trueup_worker'];
const SETTING = 'app.tenant';

// Each answers sentences; none means sound. $1 is the schema, $2 the role of one tenant, $3 both roles, $4 the tenant's setting.
const QUESTIONS = [
  `select format('role %s does not exist', r) as fault from unnest($3::text[]) r where r not in (select rolname from pg_roles)`,
  `select format('role %s may more than log in', rolname) as fault from pg_roles
   where rolname = any($3) and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolinherit or not rolcanlogin)`,
  `select format('role %s is a member of %s', m.rolname, g.rolname) as fault
   from pg_auth_members a join pg_roles m on m.oid = a.member join pg_roles g on g.oid = a.roleid where m.rolname = any($3)`,
  `select format('role %s may create in the schema %s', rolname, nspname) as fault from pg_roles, pg_namespace
   where rolname = any($3) and nspname in ($1, 'public') and has_schema_privilege(pg_roles.oid, pg_namespace.oid, 'create')`,
  `select format('%s %s belongs to %s', relkind, relname, pg_get_userbyid(relowner)) as fault from pg_class
   where relnamespace = $1::regnamespace and pg_get_userbyid(relowner) = any($3)`,
  `select format('table %s has a tenant_id, but no %s', relname, missing) as fault from pg_class c, lateral (values
     ('row-level security', relrowsecurity), ('force of it on its owner', relforcerowsecurity),
     ('policy of one tenant for every role', exists (select 1 from pg_policy p where polrelid = c.oid and polroles = '{0}' and polcmd = '*' and polpermissive
        and pg_get_expr(polqual, polrelid) ~ format('tenant_id\\W.*current_setting\\(''%s''', $4::text) and polwithcheck is null))) each(missing, is_there)
   where relnamespace = $1::regnamespace and relkind in ('r', 'p') and not is_there
     and exists (select 1 from pg_attribute where attrelid = c.oid and attname = 'tenant_id' and not attisdropped)`,
  `select format('%s may %s %s, which no wall stands before', $2::text, privilege_type, relname) as fault
   from pg_class c, aclexplode(coalesce(relacl, acldefault('r', relowner))) join pg_roles r on r.oid = grantee or grantee = 0
   where relnamespace = $1::regnamespace and relkind in ('r', 'p') and rolname = $2 and not (relrowsecurity and relforcerowsecurity)`,
  `select format('the policy %s lets %s through on %s', polname, $2::text, relname) as fault from pg_policy join pg_class c on c.oid = polrelid
   where relnamespace = $1::regnamespace and polpermissive and polqual is not null and pg_get_expr(polqual, polrelid) !~ format('current_setting\\(''%s''', $4::text)
     and (polroles && array[0::oid, (select oid from pg_roles where rolname = $2)])`,
  `select format('the worker is not let through on %s', relname) as fault from pg_class c
   where relnamespace = $1::regnamespace and relrowsecurity and not exists (
     select 1 from pg_policy where polrelid = c.oid and pg_get_expr(polqual, polrelid) = 'true'
       and polroles @> array(select oid from pg_roles where rolname = any($3) and rolname <> $2))`,
  `select format('the view %s reads with its owner''s eyes', relname) as fault from pg_class
   where relnamespace = $1::regnamespace and relkind in ('v', 'm') and not coalesce(reloptions @> '{security_invoker=true}', false)`,
  `select format('tables that later migrations make in %s are closed to %s', $1::text, r) as fault from unnest($3::text[]) r
   where r <> $2 and not exists (select 1 from pg_default_acl d, aclexplode(defaclacl) join pg_roles on pg_roles.oid = grantee
     where defaclnamespace = $1::regnamespace and defaclobjtype = 'r' and rolname = r and privilege_type = 'INSERT')`,
];

type Ask = (sql: string, given: unknown[]) => Promise<{ fault: string }[]>;

/**
 * What of a schema's row-level security is not as it must be (docs/adr/0010), read from the catalogue: one sentence per fault.
 * @param database the address of a role that sees the whole catalogue (the owner's), or what asks over its connection.
 */
export async function wallFaults(database: string | Ask, schema: string): Promise<string[]> {
  if (typeof database !== 'string') return faultsOf(database, schema);
  return inDatabase(database, (client) =>
    faultsOf(async (sql, given) => (await client.query<{ fault: string }>(sql, given)).rows, schema),
  );
}

async function faultsOf(ask: Ask, schema: string): Promise<string[]> {
  const given = [schema, APP, ROLES, SETTING];
  const faults: string[] = [];
  for (const question of QUESTIONS) faults.push(...(await answers(ask, question, given)));
  return faults;
}

/** A question may leave parameters out, but Postgres wants each that it gets to have a type. */
async function answers(ask: Ask, question: string, given: readonly unknown[]): Promise<string[]> {
  const used = [...new Set([...question.matchAll(/\$(\d)/g)].map((match) => Number(match[1])))].sort((a, b) => a - b);
  const renumbered = question.replace(/\$(\d)/g, (_, n: string) => `$${used.indexOf(Number(n)) + 1}`);
  const rows = await ask(
    renumbered,
    used.map((n) => given[n - 1]),
  );
  return rows.map(({ fault }) => fault);
}
