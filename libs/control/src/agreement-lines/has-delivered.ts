import type { SqlRunner } from '../sql-runner.js';

/** Whether anything of the tenant ever reached a PSA: from then on its current period ends as planned, whatever is set. */
export async function hasDelivered(db: SqlRunner, tenantId: string): Promise<boolean> {
  const [row] = await db.query<{ delivered: boolean }[]>(
    'select exists (select 1 from control.agreement_line where tenant_id = $1 and delivered_at is not null) as delivered',
    [tenantId],
  );
  return row?.delivered ?? false;
}
