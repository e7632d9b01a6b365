import { BillingCalendar } from '@trueup/domain';
import type { SqlRunner } from '../sql-runner.js';

/** What a tenant has until it says otherwise: calendar months in UTC, one hour of grace. */
export const DEFAULT_SETTINGS = { closeDay: 'month-end', timeZone: 'UTC', graceHours: 1 } as const;

/**
 * Gives a new tenant its settings; live from the start of the period that holds its creation. Does nothing for a tenant that has some.
 * Call it in the transaction that creates the tenant.
 */
export async function insertDefaultSettings(tx: SqlRunner, tenantId: string, createdAt: Date): Promise<void> {
  const { closeDay, timeZone, graceHours } = DEFAULT_SETTINGS;
  const calendar = new BillingCalendar([{ effectiveFrom: null, closeDay, timeZone }]);
  const liveFrom = calendar.containingInstant(createdAt.getTime()).start;
  await tx.query(
    `insert into billing.period_setting (tenant_id, effective_from, close_day, time_zone, grace_hours, live_from, saved_at)
     select $1::text, null, $2::jsonb, $3, $4::numeric, $5::date, $6::timestamptz
     where not exists (select 1 from billing.period_setting where tenant_id = $1::text)`,
    [tenantId, JSON.stringify(closeDay), timeZone, graceHours, liveFrom, createdAt],
  );
}
