import { BillingQueries, BillingSettings } from '@trueup/billing';
import { zoneCalendar } from '@trueup/domain';
import type { DataSource } from 'typeorm';
import type { TenantDay, TenantDays } from './tenant-day.js';

/** Tenants' days as their billing period settings say. */
export class BillingTenantDays implements TenantDays {
  private readonly settings: BillingSettings;
  private readonly queries: BillingQueries;

  constructor(
    database: DataSource,
    private readonly now: () => Date,
  ) {
    this.settings = new BillingSettings(database);
    this.queries = new BillingQueries(database, now);
  }

  async of(tenantId: string): Promise<TenantDay | null> {
    const at = this.now();
    const settings = await this.settings.get(tenantId);
    if (settings === null) return null;
    const { timeZone, liveFrom } = settings;
    const today = zoneCalendar(timeZone).localDateOf(at.getTime());
    const period = await this.queries.period(tenantId, 'current');
    return { tenantId, timeZone, today, liveFrom, periodId: period?.id ?? today, at };
  }
}
