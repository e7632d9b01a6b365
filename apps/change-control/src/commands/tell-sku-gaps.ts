import { BillingQueries, type WithoutSku } from '@trueup/billing';
import { type ManualRun, type StoredConnection, findConnection } from '@trueup/control';
import type { DataSource } from 'typeorm';
import { type DayEntry, writeDayLog } from '../log/day-log.js';
import type { TenantDay } from '../tenant-day.js';
import { underSettings } from './settings-transaction.js';

/**
 * Tells a run of what is held now and has no sku: one entry per customer, service and plan, however often this is carried out. A
 * connection that is gone is told nothing.
 */
export async function tellSkuGaps(
  database: DataSource,
  day: TenantDay,
  run: Pick<ManualRun, 'id' | 'connectionId' | 'customerCodes'>,
): Promise<void> {
  const connection = await findConnection(database, day.tenantId, run.connectionId);
  if (!connection) return;
  const reach = run.customerCodes === null ? 'tenant' : { customerCodes: run.customerCodes };
  const gaps = await new BillingQueries(database, () => day.at).itemsWithoutSku(day.tenantId, reach);
  const entries = gaps.map((gap) => toEntry(gap, run.id, connection));
  await underSettings(database, day, (tx) => writeDayLog(tx, day, entries));
}

function toEntry(gap: WithoutSku, runId: string, connection: StoredConnection): DayEntry {
  const { customerCode, kind, serviceCode, planCode, count } = gap;
  return {
    ...{ connection, runId, code: 'SKU_MISSING', customerCode, message: messageOf(gap) },
    details: { kind, serviceCode, ...(planCode !== undefined && { planCode }), count },
    onceKey: `SKU_MISSING/${JSON.stringify([customerCode, kind, serviceCode, planCode ?? ''])}`,
  };
}

function messageOf({ customerCode, serviceName, serviceCode, planCode, count }: WithoutSku): string {
  const plan = planCode === undefined ? '' : `, plan ${planCode},`;
  const rows = count === 1 ? '1 row is' : `${count} rows are`;
  return `Service ${serviceName} (${serviceCode})${plan} of customer ${customerCode} has no sku: ${rows} billed nowhere`;
}
