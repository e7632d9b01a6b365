import type { SqlRunner } from '../sql-runner.js';

/**
 * Notes that the tenant's local day has begun. Returns null when somebody noted it (or a later one) before, else the day noted before
 * it; the first day of a tenant has none.
 */
export async function noteDayStarted(
  tx: SqlRunner,
  tenantId: string,
  localDate: string,
): Promise<{ previous: string | null } | null> {
  const inserted = await tx.query<unknown[]>(
    `insert into control.day_started (tenant_id, local_date)
     select $1, $2::date where not exists (select 1 from control.day_started where tenant_id = $1 and local_date > $2::date)
     on conflict do nothing returning 1`,
    [tenantId, localDate],
  );
  if (inserted.length === 0) return null;
  const [row] = await tx.query<{ previous: string | null }[]>(
    'select max(local_date) as previous from control.day_started where tenant_id = $1 and local_date < $2::date',
    [tenantId, localDate],
  );
  return { previous: row?.previous ?? null };
}
