import { shareSettings } from '@trueup/control';
import { inTransaction } from '@trueup/persistence';
import type { DataSource, EntityManager } from 'typeorm';
import type { TenantDay } from '../tenant-day.js';

/** A transaction in which no setting of the tenant changes. */
export function underSettings<T>(database: DataSource, day: TenantDay, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  return inTransaction(database, async (tx) => {
    await shareSettings(tx, [day.tenantId]);
    return work(tx);
  });
}
