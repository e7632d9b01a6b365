import { inTransaction } from '@trueup/persistence';
import type { DataSource } from 'typeorm';
import type { SqlRunner } from '../sql-runner.js';
import { textArray } from '../projection/text-array.js';

// Apart from the customers' row locks, because a customer or an assignment that is not committed yet has no row to wait for.
const RULES = `hashtext('trueup.billing.rules')`;

/** Says, until the transaction ends, that it decides by the settings and catalogue of these tenants; before it reads them. */
export async function holdRules(tx: SqlRunner, tenantIds: readonly string[]): Promise<void> {
  if (tenantIds.length === 0) return;
  await tx.query(`select pg_advisory_xact_lock_shared(${RULES}, hashtext(t)) from unnest($1::text[]) as t order by t`, [
    textArray(tenantIds),
  ]);
}

/**
 * Waits until every transaction has ended that may have read the rules as they were before now. What it left behind is then seen by a
 * look for what is to be decided again, and what begins later reads the rules of now.
 */
export function outlastRules(database: DataSource, tenantId: string): Promise<void> {
  return inTransaction(database, async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(${RULES}, hashtext($1))`, [tenantId]);
  });
}
