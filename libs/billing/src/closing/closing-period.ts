import type { PlainDate } from '@trueup/contracts';
import type { Period } from '@trueup/domain';
import { readTenantSettings } from '../settings/tenant-settings.js';
import type { SqlRunner } from '../sql-runner.js';

/** A period under way to be closed. */
export interface ClosingPeriod {
  tenantId: string;
  period: Period;
  /** Instant (epoch ms) until which late arrivals are waited for: its end and the tenant's grace. */
  graceEndsMs: number;
  /** Next offsets by partition that must be applied first; null before they are noted. */
  awaited: Record<string, string> | null;
}

interface ClosingRow {
  tenantId: string;
  id: PlainDate;
  start: PlainDate;
  awaited: ClosingPeriod['awaited'];
}

const HOUR_MS = 3_600_000;

/** Every period whose closing has begun and not ended, the oldest first; all or one. */
export async function closingPeriods(
  database: SqlRunner,
  only?: { tenantId: string; periodId: PlainDate },
): Promise<ClosingPeriod[]> {
  const rows = await database.query<ClosingRow[]>(
    `select tenant_id as "tenantId", id, start_date as start, awaited_offsets as awaited
     from billing.period where closing_since is not null and closed_at is null
       ${only === undefined ? '' : 'and tenant_id = $1 and id = $2::date'} order by id, tenant_id`,
    only === undefined ? [] : [only.tenantId, only.periodId],
  );
  if (rows.length === 0) return [];
  const settings = await readTenantSettings(
    database,
    rows.map(({ tenantId }) => tenantId),
  );
  return rows.map(({ tenantId, start, awaited }) => {
    const { calendar, current } = settings.get(tenantId)!;
    const period = calendar.containing(start);
    return { tenantId, period, graceEndsMs: period.endsAtMs + current.graceHours * HOUR_MS, awaited };
  });
}
