import type { TenantDay, TenantDays } from './tenant-day.js';

/** The days of these tenants; one without settings is absent. */
export async function daysOf(days: TenantDays, tenantIds: readonly string[]): Promise<Map<string, TenantDay>> {
  const found = await Promise.all([...new Set(tenantIds)].map((tenantId) => days.of(tenantId)));
  return new Map(found.flatMap((day) => (day ? [[day.tenantId, day] as const] : [])));
}
