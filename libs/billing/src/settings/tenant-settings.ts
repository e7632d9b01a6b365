import type { BillingPeriodSettings, PlainDate } from '@trueup/contracts';
import { BillingCalendar, type PeriodSetting, zoneCalendar } from '@trueup/domain';
import type { SqlRunner } from '../sql-runner.js';

/** A tenant's periods as its settings' whole history makes them, and what holds now. */
export interface TenantSettings {
  tenantId: string;
  /** Rises with every save. */
  settingId: string;
  history: readonly PeriodSetting[];
  calendar: BillingCalendar;
  current: Required<BillingPeriodSettings>;
}

interface SettingRow {
  tenantId: string;
  id: string;
  effectiveFrom: PlainDate | null;
  closeDay: BillingPeriodSettings['closeDay'];
  timeZone: string;
  graceHours: string;
  liveFrom: PlainDate;
}

/** Settings of the tenants named, by tenant; a tenant without settings is absent. */
export async function readTenantSettings(
  database: SqlRunner,
  tenantIds: readonly string[],
): Promise<Map<string, TenantSettings>> {
  const rows = await database.query<SettingRow[]>(
    `select tenant_id as "tenantId", id, effective_from as "effectiveFrom", close_day as "closeDay", time_zone as "timeZone",
       grace_hours as "graceHours", live_from as "liveFrom"
     from billing.period_setting where tenant_id = any($1::text[]) order by tenant_id, id`,
    [[...new Set(tenantIds)]],
  );
  const histories = Map.groupBy(rows, (row) => row.tenantId);
  return new Map([...histories].map(([tenantId, history]) => [tenantId, toTenantSettings(tenantId, history)]));
}

/** The local day of an instant in the zone that holds now. */
export const localDateOf = (settings: TenantSettings, at: Date): PlainDate =>
  zoneCalendar(settings.current.timeZone).localDateOf(at.getTime());

function toTenantSettings(tenantId: string, history: readonly SettingRow[]): TenantSettings {
  const { id, closeDay, timeZone, graceHours, liveFrom } = history.at(-1)!;
  const current = { closeDay, timeZone, graceHours: Number(graceHours), liveFrom };
  const settings = history.map(toPeriodSetting);
  return { tenantId, settingId: id, history: settings, calendar: new BillingCalendar(settings), current };
}

const toPeriodSetting = ({ effectiveFrom, closeDay, timeZone }: SettingRow): PeriodSetting => ({
  effectiveFrom,
  closeDay,
  timeZone,
});
