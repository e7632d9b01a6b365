import { type BillingPeriod, epochDayOf, type PlainDate } from '@trueup/contracts';
import type { Period } from '@trueup/domain';
import { stateOf } from '../projection/target-content.js';
import { localDateOf, readTenantSettings, type TenantSettings } from '../settings/tenant-settings.js';
import type { SqlRunner } from '../sql-runner.js';

/** `current`, `previous`, a period's id, or any day inside of one. */
export type PeriodReference = string;

/** A period with all that counting in it needs. */
export interface FoundPeriod extends Period {
  state: BillingPeriod['state'];
}

interface OpenedPeriods {
  earliest: PlainDate | null;
  closed: string[];
}

/** The public shape of a period. */
export const toBillingPeriod = ({ id, start, end, state }: FoundPeriod): BillingPeriod => ({ id, start, end, state });

/** The tenant's periods, the current one first, `count` at most, none older than the oldest opened. */
export async function recentPeriods(database: SqlRunner, tenantId: string, count: number, now: Date): Promise<FoundPeriod[]> {
  const settings = (await readTenantSettings(database, [tenantId])).get(tenantId);
  if (settings === undefined) return [];
  const opened = await openedPeriods(database, tenantId);
  const today = localDateOf(settings, now);
  const periods = [settings.calendar.containing(today)];
  while (periods.length < count && opened.earliest !== null && periods.at(-1)!.start > opened.earliest) {
    periods.push(settings.calendar.previous(periods.at(-1)!));
  }
  return periods.slice(0, count).map((period) => withState(period, opened, today));
}

/** The period that a reference names; null when the tenant has no such period. */
export async function findPeriod(
  database: SqlRunner,
  tenantId: string,
  reference: PeriodReference,
  now: Date,
): Promise<FoundPeriod | null> {
  const settings = (await readTenantSettings(database, [tenantId])).get(tenantId);
  if (settings === undefined) return null;
  const period = periodNamed(settings, reference, now);
  const today = localDateOf(settings, now);
  if (period === null || period.start > today) return null;
  const opened = await openedPeriods(database, tenantId);
  const oldest = settings.calendar.previous(settings.calendar.containing(today)).start;
  const isOpened = period.start >= oldest || (opened.earliest !== null && period.end > opened.earliest);
  return isOpened ? withState(period, opened, today) : null;
}

function periodNamed({ calendar, ...settings }: TenantSettings, reference: PeriodReference, now: Date): Period | null {
  const current = calendar.containing(localDateOf({ calendar, ...settings }, now));
  if (reference === 'current') return current;
  if (reference === 'previous') return calendar.previous(current);
  const isDay = epochDayOf(reference) !== undefined && reference > '0001-01-31';
  return isDay ? calendar.containing(reference) : null;
}

async function openedPeriods(database: SqlRunner, tenantId: string): Promise<OpenedPeriods> {
  const [row] = await database.query<{ earliest: PlainDate | null; closed: string[] }[]>(
    `select min(start_date)::text as earliest, coalesce(array_agg(id::text) filter (where closed_at is not null), '{}') as closed
     from billing.period where tenant_id = $1`,
    [tenantId],
  );
  return row!;
}

function withState(period: Period, opened: OpenedPeriods, today: PlainDate): FoundPeriod {
  return { ...period, state: opened.closed.includes(period.id) ? 'closed' : stateOf(period, today) };
}
