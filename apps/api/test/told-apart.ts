import type { Logger } from 'typeorm';
import { acceptableCall } from './acceptable-call.js';
import { valuesOf } from './listed-routes.js';
import type { KnownIds, ListedRoute } from './listed-routes.js';
import type { Answer, Call, StartedApi } from './started-api.js';

/** Everything that a caller could tell two answers apart by, but for the request's own id and the time of day. */
export interface Impression {
  status: number;
  headers: [string, string][];
  text: string;
  /** How many statements it took: what a clock would show. */
  statements: number;
}

/** Names a thing that is nowhere, in the form of one that is somewhere. */
export function absentOf(id: string): string {
  if (/^qua_\d+$/.test(id)) return 'qua_987654';
  return `${id.slice(0, -1)}${id.endsWith('q') ? 'z' : 'q'}`;
}

/** A call whose ids, in address and body, name nothing at all; with `only`, just that parameter does. */
export function absentCall(route: ListedRoute, known: KnownIds, only?: string): Call & { path: string } {
  const values = Object.entries(valuesOf(route.path, known)).filter(([name]) => name !== 'period' && (only ?? name) === name);
  const replaced = Object.fromEntries(values.map(([name, value]) => [name, absentOf(value)]));
  if (only !== undefined) return acceptableCall(route, known, replaced);
  return acceptableCall(route, { ...known, connectionId: absentOf(known.connectionId) }, replaced);
}

/** How a call looks to its caller. */
export async function impressionOf(api: StartedApi, { path, ...call }: Call & { path: string }): Promise<Impression> {
  const { result, statements } = await countStatements(api, () => api.call(path, call));
  return { status: result.status, headers: headersOf(result), text: textOf(result), statements };
}

function headersOf({ headers }: Answer): [string, string][] {
  const changing = ['date', 'x-request-id', 'ratelimit', 'content-length'];
  return [...headers].filter(([name]) => !changing.includes(name));
}

function textOf({ text }: Answer): string {
  return text.replace(/"requestId":"[^"]*"/, '');
}

async function countStatements<T>(api: StartedApi, work: () => Promise<T>): Promise<{ result: T; statements: number }> {
  const { logger } = api.db;
  let statements = 0;
  // The verifier looks a secret up again every half second, whatever is asked for.
  const isOfVerifier = (sql: string) => /secret_hash = \$1|last_used_at = \$2/.test(sql);
  const counter = { ...silent, logQuery: (sql: string) => void (statements += isOfVerifier(sql) ? 0 : 1) };
  Object.assign(api.db, { logger: counter });
  try {
    const result = await work();
    return { result, statements };
  } finally {
    Object.assign(api.db, { logger });
  }
}

const nothing = () => undefined;
const silent: Logger = {
  logQuery: nothing,
  logQueryError: nothing,
  logQuerySlow: nothing,
  logSchemaBuild: nothing,
  logMigration: nothing,
  log: nothing,
};

/** A digest of all rows of the first tenant: equal before and after, nothing was changed. */
export async function stateOf(api: StartedApi): Promise<string> {
  const tables = await api.db.query<{ name: string }[]>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.columns
     where table_schema in ('access', 'billing', 'control') and column_name = 'tenant_id' order by 1`,
  );
  const digests = tables.map(({ name }) =>
    api.db.query(
      `select md5(coalesce(string_agg(row, ',' order by row), '')) as digest
       from (select (to_jsonb(t) - 'last_used_at')::text as row from ${name} t where tenant_id = $1) rows`,
      [api.tenantId],
    ),
  );
  return JSON.stringify(await Promise.all(digests));
}
