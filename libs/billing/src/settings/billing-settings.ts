import type { BillingPeriod, BillingPeriodSettings, PlainDate } from '@trueup/contracts';
import { BillingCalendar } from '@trueup/domain';
import { appendCommand } from '@trueup/persistence';
import type { DataSource, EntityManager } from 'typeorm';
import { reopenPeriods } from './open-periods.js';
import { localDateOf, readTenantSettings, type TenantSettings } from './tenant-settings.js';

/** A change of a tenant's billing period settings. */
export interface SettingsChange {
  tenantId: string;
  /** Without `liveFrom` the stored one stays. */
  settings: BillingPeriodSettings;
  /** Whether a period is closed or anything was delivered: then the current period ends as planned, else all periods follow the change. */
  isSettled: boolean;
  savedAt: Date;
}

/** When a tenant's periods close, with the history of it. */
export class BillingSettings {
  constructor(private readonly database: DataSource) {}

  /** What holds now; null for an unknown tenant. */
  async get(tenantId: string): Promise<Required<BillingPeriodSettings> | null> {
    return (await this.read(tenantId))?.current ?? null;
  }

  /** The periods that a change would bring, from the current one on, `count` of them: shown before saving. Null for an unknown tenant. */
  async preview(change: SettingsChange, count: number): Promise<BillingPeriod[] | null> {
    const stored = await this.read(change.tenantId);
    if (stored === undefined) return null;
    const calendar = calendarAfter(stored, change);
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
    const period = calendarAfter(stored, change).containing(liveFrom);
    return period.start === liveFrom ? null : { earlier: period.start, later: period.end };
  }

  /** Saves a change and tells the projector, in the caller's transaction. Returns what holds now; null for an unknown tenant. */
  async put(tx: EntityManager, change: SettingsChange): Promise<Required<BillingPeriodSettings> | null> {
    const { tenantId, settings, savedAt } = change;
    const stored = (await readTenantSettings(tx, [tenantId])).get(tenantId);
    if (stored === undefined) return null;
    const liveFrom = settings.liveFrom ?? stored.current.liveFrom;
    await tx.query(
      `insert into billing.period_setting (tenant_id, effective_from, close_day, time_zone, grace_hours, live_from, saved_at)
       values ($1, $2::date, $3::jsonb, $4, $5, $6::date, $7)`,
      [
        tenantId,
        effectiveFrom(stored, change),
        JSON.stringify(settings.closeDay),
        settings.timeZone,
        settings.graceHours,
        liveFrom,
        savedAt,
      ],
    );
    await reopenPeriods(tx, tenantId, savedAt);
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

const effectiveFrom = (stored: TenantSettings, change: SettingsChange): PlainDate | null =>
  change.isSettled ? localDateOf(stored, change.savedAt) : null;
