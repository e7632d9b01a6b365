import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

// The server listens before it is ready: "the database system is starting up".
const startingUp = '57P03';
const databaseAbsent = '3D000';
const alreadyExists = '42P04';

/** Waits until the server takes connections and creates the url's database when it does not exist yet. */
export async function ensureDatabase(url: string, timeoutMs = 60_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const code = await tryConnect(url);
    if (code === null) return;
    if (code === databaseAbsent) await createDatabase(url);
    else if (code !== startingUp || performance.now() > deadline) throw new Error(`PostgreSQL refuses: ${code}`);
    await sleep(20);
  }
}

/** Creates the database that the url names, through the server's own database `postgres`. */
export async function createDatabase(url: string): Promise<void> {
  const server = new URL(url);
  const name = server.pathname.slice(1);
  server.pathname = '/postgres';
  const client = new pg.Client({ connectionString: server.href });
  await client.connect();
  try {
    await client.query(`create database ${client.escapeIdentifier(name)}`);
  } catch (error) {
    if (codeOf(error) !== alreadyExists) throw error;
  } finally {
    await client.end();
  }
}

async function tryConnect(url: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    await client.end();
    return null;
  } catch (error) {
    return codeOf(error) ?? String(error);
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string }).code;
}
