import type { TenantDay, TenantDays } from './tenant-day.js';

/** Tenants' days as a spec sets them. */
export class SettableDays implements TenantDays {
  today = '2026-11-23';
  liveFrom = '2026-11-01';
  at = new Date('2026-11-23T10:00:00Z');

  async of(tenantId: string): Promise<TenantDay> {
    const { today, liveFrom, at } = this;
    return { tenantId, timeZone: 'UTC', today, liveFrom, periodId: '2026-11-30', at };
  }
}
