import { appendCommand } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import type { SqlRunner } from '../sql-runner.js';

/** How many agreement lines wait for an instant that has come. */
export async function countEndedWaits(db: SqlRunner, now: Date): Promise<number> {
  const [row] = await db.query<{ count: number }[]>(
    'select count(*)::int as count from control.agreement_line where waits_until <= $1',
    [now],
  );
  return row?.count ?? 0;
}

/** Ends waits whose instant has come, at most `limit`, each with the command that releases its line. Returns how many. */
export async function endWaits(tx: EntityManager, now: Date, limit: number): Promise<number> {
  const ended = await tx.query<{ tenantId: string; connectionId: string; agreementLineKey: string }[]>(
    `with due as (
       select connection_id, agreement_line_key from control.agreement_line where waits_until <= $1
       order by waits_until, connection_id, agreement_line_key limit $2 for update skip locked),
     ended as (
       update control.agreement_line l set waits_until = null from due d
       where l.connection_id = d.connection_id and l.agreement_line_key = d.agreement_line_key
       returning l.tenant_id, l.connection_id, l.agreement_line_key)
     select tenant_id as "tenantId", connection_id as "connectionId", agreement_line_key as "agreementLineKey" from ended`,
    [now, limit],
  );
  for (const { tenantId, ...payload } of ended) await appendCommand(tx, 'control', { tenantId, kind: 'wait-over', payload });
  return ended.length;
}
