import { appendCommand, inTransaction } from '@trueup/persistence';
import { zoneCalendar } from '@trueup/domain';
import type { DataSource, EntityManager } from 'typeorm';

interface TenantDay {
  tenantId: string;
  localDate: string;
}

/** Sees each tenant's local day begin: of all replicas exactly one writes its `day-started` command. */
export class DayWatch {
  private readonly seen = new Map<string, string>();

  constructor(private readonly database: DataSource) {}

  /** Starts the days that have begun by `now`. After a long pause only the newest: its command covers those between. Returns their number. */
  async look(now: Date): Promise<number> {
    const begun = (await this.days(now)).filter(({ tenantId, localDate }) => this.seen.get(tenantId) !== localDate);
    if (begun.length === 0) return 0;
    const started = await inTransaction(this.database, (tx) => startDays(tx, begun, now));
    for (const { tenantId, localDate } of begun) this.seen.set(tenantId, localDate);
    return started;
  }

  private async days(now: Date): Promise<TenantDay[]> {
    const tenants = await this.database.query<{ tenantId: string; timeZone: string }[]>(
      `select distinct on (tenant_id) tenant_id as "tenantId", time_zone as "timeZone"
       from billing.period_setting order by tenant_id, id desc`,
    );
    return tenants.map(({ tenantId, timeZone }) => ({
      tenantId,
      localDate: zoneCalendar(timeZone).localDateOf(now.getTime()),
    }));
  }
}

async function startDays(tx: EntityManager, days: readonly TenantDay[], now: Date): Promise<number> {
  const started = await tx.query<TenantDay[]>(
    `insert into billing.day_started (tenant_id, local_date, seen_at)
     select d.tenant_id, d.local_date, $3 from unnest($1::text[], $2::date[]) as d(tenant_id, local_date)
     order by d.tenant_id collate "C" on conflict do nothing returning tenant_id as "tenantId", local_date::text as "localDate"`,
    [days.map((day) => day.tenantId), days.map((day) => day.localDate), now],
  );
  for (const { tenantId, localDate } of started) {
    await appendCommand(tx, 'billing', { tenantId, kind: 'day-started', payload: { localDate } });
  }
  return started.length;
}
