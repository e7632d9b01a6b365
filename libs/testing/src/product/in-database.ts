import pg from 'pg';
import type { Runtime } from './runtime.js';

/** Uses a connection of its own to a database, and ends it however the work ends. */
export async function inDatabase<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** The rows of one query on the runtime's database, asked as its owner. */
export function ask<R extends pg.QueryResultRow>(runtime: Runtime, sql: string, values: unknown[] = []): Promise<R[]> {
  return inDatabase(runtime.endpoints.databaseUrl, async (client) => (await client.query<R>(sql, values)).rows);
}
