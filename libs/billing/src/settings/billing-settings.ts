import type { BillingPeriod, BillingPeriodSettings, PlainDate } from '@trueup/contracts';
import { BillingCalendar } from '@trueup/domain';
import { appendCommand } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import { reopenPeriods } from './open-periods.js';
import type { SqlRunner } from '../sql-runner.js';
import { localDateOf, readTenantSettings, type TenantSettings } from './tenant-settings.js';

/** A change of a tenant's billing period settings. */
export interface SettingsChange {
  tenantId: string;
  /** Without `liveFrom` the stored one stays. */
  settings: BillingPeriodSettings;
  /**
   * Whether anything was delivered: then the current period ends as planned, else all periods follow the change. Once a period is closed
   * the former holds whatever is said here.
   */
  isSettled: boolean;
  savedAt: Date;
}

/** When a tenant's periods close, with the history of it. */
export class BillingSettings {
  constructor(private readonly database: SqlRunner) {}

  /** What holds now; null for an unknown tenant. */
  async get(tenantId: string): Promise<Required<BillingPeriodSettings> | null> {
    return (await this.read(tenantId))?.current ?? null;
  }

  /** The periods that a change would bring, from the current one on, `count` of them: shown before saving. Null for an unknown tenant. */
  async preview(change: SettingsChange, count: number): Promise<BillingPeriod[] | null> {
    const stored = await this.read(change.tenantId);
    if (stored === undefined) return null;
    const calendar = calendarAfter(stored, await settled(this.database, change));
    const periods = [calendar.containingInstant(change.savedAt.getTime())];
    while (periods.length < count) periods.push(calendar.next(periods.at(-1)!));
    return periods.map(({ id, start, end }) => ({ id, start, end, state: 'open' }));
  }

  /**
   * The starts of the two periods around a `liveFrom` inside a period, or null when it is a period's start: for tenants with a
   * non-prorating connection only these two dates can be saved.
   */
  async liveFromChoices(change: SettingsChange): Promise<{ earlier: PlainDate; later: PlainDate } | null> {
    const stored = await this.read(change.tenantId);
    const liveFrom = change.settings.liveFrom ?? stored?.current.liveFrom;
    if (stored === undefined || liveFrom === undefined) return null;
    const period = calendarAfter(stored, await settled(this.database, change)).containing(liveFrom);
    return period.start === liveFrom ? null : { earlier: period.start, later: period.end };
  }

  /** Saves a change and tells the projector, in the caller's transaction. Returns what holds now; null for an unknown tenant. */
  async put(tx: EntityManager, change: SettingsChange): Promise<Required<BillingPeriodSettings> | null> {
    const { tenantId, settings, savedAt } = change;
    await lockPeriods(tx, tenantId);
    const { isSettled } = await settled(tx, change);
    const stored = (await readTenantSettings(tx, [tenantId])).get(tenantId);
    if (stored === undefined) return null;
    const liveFrom = settings.liveFrom ?? stored.current.liveFrom;
    await tx.query(
      `insert into billing.period_setting (tenant_id, effective_from, close_day, time_zone, grace_hours, live_from, saved_at)
       values ($1, $2::date, $3::jsonb, $4, $5, $6::date, $7)`,
      [
        tenantId,
        effectiveFrom(stored, { savedAt, isSettled }),
        JSON.stringify(settings.closeDay),
        settings.timeZone,
        settings.graceHours,
        liveFrom,
        savedAt,
      ],
    );
    await reopenPeriods(tx, { tenantId, isSettled }, savedAt);
    await appendCommand(tx, 'billing', { tenantId, kind: 'settings-changed', payload: {} });
    return { ...settings, liveFrom };
  }

  private async read(tenantId: string): Promise<TenantSettings | undefined> {
    return (await readTenantSettings(this.database, [tenantId])).get(tenantId);
  }
}

function calendarAfter(stored: TenantSettings, change: SettingsChange): BillingCalendar {
  const { closeDay, timeZone } = change.settings;
  return new BillingCalendar([...stored.history, { effectiveFrom: effectiveFrom(stored, change), closeDay, timeZone }]);
}

const effectiveFrom = (
  stored: TenantSettings,
  { isSettled, savedAt }: Pick<SettingsChange, 'isSettled' | 'savedAt'>,
): PlainDate | null => (isSettled ? localDateOf(stored, savedAt) : null);

// A period that is closed, or about to be frozen, keeps its days.
async function settled(database: SqlRunner, change: SettingsChange): Promise<SettingsChange> {
  const [row] = await database.query<{ isAny: boolean }[]>(
    `select exists (select 1 from billing.period where tenant_id = $1 and (closed_at is not null or awaited_offsets is not null)) as "isAny"`,
    [change.tenantId],
  );
  return { ...change, isSettled: change.isSettled || row!.isAny };
}

// Until this commits, nobody begins to freeze a period whose days may be about to change.
async function lockPeriods(tx: SqlRunner, tenantId: string): Promise<void> {
  await tx.query('select 1 from billing.period where tenant_id = $1 and closed_at is null order by id for update', [tenantId]);
}
