import type { SqlRunner } from './sql-runner.js';

const LOCK_SPACE = 0x6374;

/**
 * Held to the end of the transaction while a setting of the tenant changes. It waits for decisions under way, and later decisions see
 * the new setting: else a line that arrives at the same moment would be decided by the old one and missed by the command.
 */
export async function lockSettings(tx: SqlRunner, tenantId: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1::int, hashtext($2))', [LOCK_SPACE, tenantId]);
}

/** Held while lines of these tenants are decided; decisions do not exclude each other. */
export async function shareSettings(tx: SqlRunner, tenantIds: readonly string[]): Promise<void> {
  for (const tenantId of [...new Set(tenantIds)].sort()) {
    await tx.query('select pg_advisory_xact_lock_shared($1::int, hashtext($2))', [LOCK_SPACE, tenantId]);
  }
}
