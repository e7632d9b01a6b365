import type { PlainDate } from '@trueup/contracts';
import type { Period } from '@trueup/domain';
import type { SqlRunner } from '../sql-runner.js';
import { readTenantSettings, type TenantSettings } from './tenant-settings.js';

/** Older history collapses into "carried": nobody bills ten years back, and one odd date must not open thousands of periods. */
const MAX_PERIODS_BACK = 120;

/** A tenant and the earliest instant for which a period is wanted. */
export interface Opening {
  settings: TenantSettings;
  earliestMs: number;
}

/** Opens every period from the one that holds the earliest instant (at most 120 back) to the one that holds `now`; those open stay. */
export async function openPeriods(tx: SqlRunner, openings: readonly Opening[], now: Date): Promise<void> {
  const periods = openings.flatMap(({ settings, earliestMs }) =>
    periodsBack(settings, earliestMs, now.getTime()).map((period) => ({ tenantId: settings.tenantId, ...period })),
  );
  await tx.query(
    `insert into billing.period (tenant_id, id, start_date, end_date, opened_at)
     select p.tenant_id, p.id, p.start_date, p.end_date, $5
     from unnest($1::text[], $2::date[], $3::date[], $4::date[]) as p(tenant_id, id, start_date, end_date)
     order by p.tenant_id collate "C", p.id on conflict do nothing`,
    [
      periods.map((period) => period.tenantId),
      periods.map((period) => period.id),
      periods.map((period) => period.start),
      periods.map((period) => period.end),
      now,
    ],
  );
}

/**
 * After a change of settings: periods not closed follow the new calendar as far back as they were open before. In a settled tenant the
 * change begins with the next period: those that are closing by now stay as they are.
 */
export async function reopenPeriods(
  tx: SqlRunner,
  { tenantId, isSettled }: { tenantId: string; isSettled: boolean },
  now: Date,
): Promise<void> {
  const settings = (await readTenantSettings(tx, [tenantId])).get(tenantId)!;
  const removed = await tx.query<[{ start_date: PlainDate }[], number]>(
    `delete from billing.period where tenant_id = $1 and closed_at is null and not ($2 and closing_since is not null)
     returning start_date::text`,
    [tenantId, isSettled],
  );
  const starts = removed[0].map((row) => row.start_date).sort();
  const earliestMs = starts[0] === undefined ? now.getTime() : settings.calendar.containing(starts[0]).startsAtMs;
  await openPeriods(tx, [{ settings, earliestMs }], now);
}

function periodsBack({ calendar }: TenantSettings, earliestMs: number, nowMs: number): Period[] {
  const periods = [calendar.containingInstant(nowMs)];
  while (periods[0]!.startsAtMs > earliestMs && periods.length <= MAX_PERIODS_BACK)
    periods.unshift(calendar.previous(periods[0]!));
  return periods;
}
