import type { PlainDate } from '@trueup/contracts';
import { openPeriods } from '../settings/open-periods.js';
import type { TenantSettings } from '../settings/tenant-settings.js';
import type { SqlRunner } from '../sql-runner.js';

/**
 * Opens the periods up to today and begins to close those that have ended. A period that ended before `liveFrom`, or before the tenant
 * was created, closes by hand alone: it is history that somebody may still be loading.
 */
export async function turnPeriods(tx: SqlRunner, settings: TenantSettings, now: Date): Promise<void> {
  const { tenantId, calendar, current } = settings;
  const createdMs = (await createdAt(tx, tenantId)).getTime();
  const earliestMs = Math.max(createdMs, calendar.containing(current.liveFrom).startsAtMs);
  await openPeriods(tx, [{ settings, earliestMs: Math.min(earliestMs, now.getTime()) }], now);
  const unclosed = await tx.query<{ id: PlainDate; start: PlainDate }[]>(
    `select id, start_date as start from billing.period
     where tenant_id = $1 and closed_at is null and closing_since is null and end_date > $2::date`,
    [tenantId, current.liveFrom],
  );
  const ended = unclosed.filter(({ start }) => {
    const { endsAtMs } = calendar.containing(start);
    return endsAtMs <= now.getTime() && endsAtMs > createdMs;
  });
  await beginClosing(
    tx,
    tenantId,
    ended.map(({ id }) => id),
    now,
  );
}

/** Begins to close periods that have ended. One that is closing or closed already stays as it is. */
export async function beginClosing(tx: SqlRunner, tenantId: string, periodIds: readonly PlainDate[], now: Date): Promise<void> {
  if (periodIds.length === 0) return;
  await tx.query(
    `update billing.period set closing_since = $3
     where tenant_id = $1 and id = any($2::date[]) and closing_since is null and closed_at is null`,
    [tenantId, periodIds, now],
  );
}

async function createdAt(tx: SqlRunner, tenantId: string): Promise<Date> {
  const [row] = await tx.query<{ at: Date }[]>('select min(saved_at) as at from billing.period_setting where tenant_id = $1', [
    tenantId,
  ]);
  return row!.at;
}
