import { inTransaction } from '@trueup/persistence';
import type { DataSource } from 'typeorm';
import { seal, sealOf } from '../closing/seal-snapshot.js';
import type { SnapshotKey } from '../closing/write-snapshot.js';

/** The version that an operation writes beside the newest complete one; after a crash the one that it had begun. */
export async function beginVersion(
  database: DataSource,
  latest: SnapshotKey,
  operationId: string,
  now: Date,
): Promise<SnapshotKey> {
  const { tenantId, periodId } = latest;
  const key = [tenantId, periodId, operationId];
  await database.query(
    `insert into billing.snapshot (tenant_id, period_id, version, operation_id, begun_at)
     select $1::text, $2::date, max(version) + 1, $3::text, $4::timestamptz from billing.snapshot where tenant_id = $1::text and period_id = $2::date
     having not exists (
       select 1 from billing.snapshot where tenant_id = $1::text and period_id = $2::date and operation_id = $3::text)`,
    [...key, now],
  );
  const [row] = await database.query<{ version: number }[]>(
    'select version from billing.snapshot where tenant_id = $1 and period_id = $2::date and operation_id = $3',
    key,
  );
  return { tenantId, periodId, version: row!.version };
}

const PARTS = ['snapshot_item', 'snapshot_line', 'snapshot_customer', 'snapshot'];

/** Seals a version that differs from the one before and returns its number; drops one that does not. */
export async function concludeVersion(
  database: DataSource,
  key: SnapshotKey,
  hasChanged: boolean,
  now: Date,
): Promise<number | null> {
  if (hasChanged) {
    await seal(database, key, await sealOf(database, key), now);
    return key.version;
  }
  await inTransaction(database, async (tx) => {
    for (const table of PARTS) {
      await tx.query(`delete from billing.${table} where tenant_id = $1 and period_id = $2::date and version = $3`, [
        key.tenantId,
        key.periodId,
        key.version,
      ]);
    }
  });
  return null;
}
