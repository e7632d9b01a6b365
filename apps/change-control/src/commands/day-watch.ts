import { noteDayStarted, tenantsWithConnections } from '@trueup/control';
import { appendCommand, inTransaction } from '@trueup/persistence';
import type { DataSource } from 'typeorm';
import type { TenantDay, TenantDays } from '../tenant-day.js';
import { daysOf } from '../tenant-days-of.js';

/** Notices that a tenant's local day has begun and leaves a command for it, once a day whatever the number of replicas. */
export class DayWatch {
  private readonly noted = new Map<string, string>();

  constructor(
    private readonly database: DataSource,
    private readonly days: TenantDays,
  ) {}

  /** One look at every tenant. Returns the number of days that began. */
  async pass(): Promise<number> {
    const begun = await this.begun();
    let started = 0;
    for (const day of begun) if (await this.note(day)) started += 1;
    return started;
  }

  /** Days that have begun and are not noted by this replica yet. */
  async begun(): Promise<TenantDay[]> {
    const days = await daysOf(this.days, await tenantsWithConnections(this.database));
    return [...days.values()].filter((day) => this.noted.get(day.tenantId) !== day.today);
  }

  private async note(day: TenantDay): Promise<boolean> {
    const { tenantId, today } = day;
    const isFirst = await inTransaction(this.database, async (tx) => {
      const noted = await noteDayStarted(tx, tenantId, today);
      if (noted === null) return false;
      await appendCommand(tx, 'control', { tenantId, kind: 'day-started', payload: { localDate: today, ...noted } });
      return true;
    });
    this.noted.set(tenantId, today);
    return isFirst;
  }
}
