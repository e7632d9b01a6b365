import type { Outcome } from '@trueup/contracts';
import type { SqlRunner } from '../sql-runner.js';

/** Stores outcomes for good, in order, and returns those that were not known: what is delivered twice counts once. */
export async function recordOutcomes(tx: SqlRunner, outcomes: readonly Outcome[], at: Date): Promise<Outcome[]> {
  const fresh: Outcome[] = [];
  for (const outcome of outcomes) {
    const rows = await tx.query<unknown[]>(
      `insert into control.outcome (connection_id, change_id, kind, attempt, at, tenant_id, agreement_line_key, version, content, recorded_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing returning 1`,
      [
        outcome.connectionId,
        outcome.changeId,
        outcome.kind,
        outcome.attempt,
        outcome.at,
        outcome.tenantId,
        outcome.agreementLineKey,
        outcome.version,
        JSON.stringify(outcome),
        at,
      ],
    );
    if (rows.length > 0) fresh.push(outcome);
  }
  return fresh;
}
