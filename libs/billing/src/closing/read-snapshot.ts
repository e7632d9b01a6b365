import type { Item, PlainDate } from '@trueup/contracts';
import type { Holding } from '@trueup/domain';
import type { LineCounts } from '../projection/closed-line.js';
import type { CustomerKey } from '../projection/customer-locks.js';
import type { SqlRunner } from '../sql-runner.js';
import type { SnapshotItem, SnapshotLine } from './snapshot-rows.js';
import type { SnapshotKey } from './write-snapshot.js';

/** A snapshot as a period lists it. `sha256` is over its items (see `sealOf`). */
export interface Snapshot {
  version: number;
  takenAt: string;
  itemCount: number;
  sha256: string;
}

/** The complete snapshots of a period, the frozen first one first. */
export async function listSnapshots(database: SqlRunner, tenantId: string, periodId: PlainDate): Promise<Snapshot[]> {
  const rows = await database.query<(Omit<Snapshot, 'takenAt'> & { takenAt: Date })[]>(
    `select version, taken_at as "takenAt", item_count as "itemCount", sha256 from billing.snapshot
     where tenant_id = $1 and period_id = $2::date and taken_at is not null order by version`,
    [tenantId, periodId],
  );
  return rows.map((row) => ({ ...row, takenAt: row.takenAt.toISOString() }));
}

/** What a snapshot says of customers of its tenant. */
export async function readPart(
  database: SqlRunner,
  { tenantId, periodId, version }: SnapshotKey,
  customers: readonly CustomerKey[],
): Promise<{ items: SnapshotItem[]; lines: SnapshotLine[] }> {
  const key = [tenantId, periodId, version, customers.map(({ customerCode }) => customerCode)];
  const items = await database.query<{ item: Item; holding: Holding }[]>(
    `select item, holding from billing.snapshot_item
     where tenant_id = $1 and period_id = $2::date and version = $3 and customer_code = any($4::text[])`,
    key,
  );
  const lines = await database.query<SnapshotLine[]>(
    `select s.line_key as "lineKey", s.customer_code as "customerCode", l.sku, s.opening, s.counts from billing.snapshot_line s
     join billing.line_target l using (tenant_id, line_key)
     where s.tenant_id = $1 and s.period_id = $2::date and s.version = $3 and s.customer_code = any($4::text[])`,
    key,
  );
  return { items, lines };
}

/** Frozen lines of a period by key; one that held nothing is absent. */
export async function readSnapshotLines(
  database: SqlRunner,
  tenantId: string,
  periodId: PlainDate,
  lineKeys: readonly string[],
): Promise<Map<string, { opening: string; counts: LineCounts }>> {
  const rows = await database.query<{ lineKey: string; opening: string; counts: LineCounts }[]>(
    `select line_key as "lineKey", opening, counts from billing.snapshot_line
     where tenant_id = $1 and period_id = $2::date and version = 1 and line_key = any($3::text[])`,
    [tenantId, periodId, lineKeys],
  );
  return new Map(rows.map(({ lineKey, ...line }) => [lineKey, line]));
}
