import type { Finding } from '@trueup/contracts';
import type { SqlRunner } from '../sql-runner.js';

export interface CheckAnswer {
  findings: Finding[];
  at: Date;
}

/** Asks the connector for a check; returns the number that its answer will carry, or null when there is no such connection. */
export async function requestCheck(tx: SqlRunner, tenantId: string, id: string): Promise<number | null> {
  const rows = await tx.query<{ number: number }[]>(
    `with asked as (
       update control.connection set check_requested = check_requested + 1
       where tenant_id = $1 and id = $2 and deleted_at is null returning check_requested)
     select check_requested as number from asked`,
    [tenantId, id],
  );
  return rows[0]?.number ?? null;
}

/** The findings of check `number` or of a later one; null while it is not answered. */
export async function findCheckAnswer(db: SqlRunner, tenantId: string, id: string, number: number): Promise<CheckAnswer | null> {
  const rows = await db.query<CheckAnswer[]>(
    `select findings, findings_at as at from control.connection where tenant_id = $1 and id = $2 and check_answered >= $3`,
    [tenantId, id, number],
  );
  return rows[0] ?? null;
}

/** Stores what a connector found; a check without an error about secrets ends a suspension. An older answer changes nothing. */
export async function recordCheckAnswer(
  tx: SqlRunner,
  answer: { tenantId: string; connectionId: string; number: number; findings: readonly Finding[]; at: Date },
): Promise<void> {
  const areSecretsGood = !answer.findings.some((finding) => finding.level === 'Error');
  await tx.query(
    `update control.connection set check_answered = $3, findings = $4, findings_at = $5,
       state = case when $6 then 'ready' else state end, reason = case when $6 then null else reason end
     where tenant_id = $1 and id = $2 and check_answered < $3`,
    [answer.tenantId, answer.connectionId, answer.number, JSON.stringify(answer.findings), answer.at, areSecretsGood],
  );
}

/** Marks a connection whose secrets the PSA refuses, so that people see why nothing moves. */
export async function suspendConnection(tx: SqlRunner, tenantId: string, connectionId: string, reason: string): Promise<void> {
  await tx.query(`update control.connection set state = 'suspended', reason = $3 where tenant_id = $1 and id = $2`, [
    tenantId,
    connectionId,
    reason,
  ]);
}
