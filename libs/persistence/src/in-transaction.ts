import { setTimeout as wait } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';

const RETRIED = new Set(['40001', '40P01']);
/** The database ended a transaction in which nothing had happened for too long. */
const FORGOTTEN = '25P03';
const LONGEST_CLAIM_MS = 900_000;
const TRIES = 5;

/**
 * Runs `work` in one transaction. A serialization failure or deadlock rolls back and starts again, up to five times in all:
 * `work` must do nothing outside the transaction. Every other error rolls back and is thrown.
 */
export async function inTransaction<T>(database: DataSource, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.transaction(work);
    } catch (error) {
      if (attempt >= TRIES || !RETRIED.has(sqlStateOf(error))) throw error;
      await wait(10 * attempt + Math.random() * 20);
    }
  }
}

/**
 * For a transaction that only holds a claim while others of this process do the work: it may go without a statement for a quarter of an
 * hour, before the database takes its process for frozen.
 */
export async function staysOpen(tx: EntityManager): Promise<void> {
  await tx.query(`set local idle_in_transaction_session_timeout = ${LONGEST_CLAIM_MS}`);
}

/** The SQLSTATE of a database error, or "" for any other. */
export function sqlStateOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  const state = driverError?.code ?? code;
  return typeof state === 'string' && /^[0-9A-Z]{5}$/.test(state) ? state : '';
}

/** Whether an error comes from the environment (database away, failover, out of resources) and not from the data: wait, never park. */
export function isEnvironmentError(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state === '') return isConnectionError(error);
  return (
    ['08', '53', '55', '57', '58'].includes(state.slice(0, 2)) || RETRIED.has(state) || state === '25006' || state === FORGOTTEN
  );
}

function isConnectionError(error: unknown): boolean {
  const text = error instanceof Error ? `${(error as NodeJS.ErrnoException).code ?? ''} ${error.message}` : '';
  return /ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|Connection terminated|timeout exceeded|Client has encountered a connection error|not queryable|query runner was already released/i.test(
    text,
  );
}
