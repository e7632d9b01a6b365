import { countEndedWaits, endWaits, noteDayStarted, tenantsWithConnections } from '@trueup/control';
import { appendCommand, inTransaction } from '@trueup/persistence';
import type { DataSource } from 'typeorm';
import type { TenantDay, TenantDays } from '../tenant-day.js';
import { daysOf } from '../tenant-days-of.js';

const MOST_WAITS = 500;

/** Notices that a tenant's local day has begun, or that a line's wait is over, and leaves a command for it, once whatever the number of replicas. */
export class DayWatch {
  private readonly noted = new Map<string, string>();

  constructor(
    private readonly database: DataSource,
    private readonly days: TenantDays,
  ) {}

  /** One look at every tenant. Returns the number of days that began and of waits that are over. */
  async pass(): Promise<number> {
    const days = await this.daysNow();
    let started = 0;
    for (const day of this.notNoted(days)) if (await this.note(day)) started += 1;
    const now = days[0]?.at;
    return now === undefined ? started : started + (await inTransaction(this.database, (tx) => endWaits(tx, now, MOST_WAITS)));
  }

  /** What has come and is not noted by this replica yet: days that have begun, and waits that are over. */
  async due(): Promise<{ days: number; waits: number }> {
    const days = await this.daysNow();
    const waits = days[0] === undefined ? 0 : await countEndedWaits(this.database, days[0].at);
    return { days: this.notNoted(days).length, waits };
  }

  private async daysNow(): Promise<TenantDay[]> {
    return [...(await daysOf(this.days, await tenantsWithConnections(this.database))).values()];
  }

  private notNoted(days: readonly TenantDay[]): TenantDay[] {
    return days.filter((day) => this.noted.get(day.tenantId) !== day.today);
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
