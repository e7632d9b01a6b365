import type { PlainDate } from '@trueup/contracts';
import { nameNow } from '@trueup/domain';
import type { CustomerKey } from '../projection/customer-locks.js';
import { jsonArrayOf } from '../projection/json-array.js';
import { slotColumns } from '../projection/stored-states.js';
import type { SqlRunner } from '../sql-runner.js';
import type { SnapshotItem, SnapshotLine, SnapshotPart } from './snapshot-rows.js';

/** Names a snapshot: the first of a period is its frozen truth. */
export interface SnapshotKey {
  tenantId: string;
  periodId: PlainDate;
  version: number;
}

/** Stores the part of these customers and marks them as done, in the transaction that holds their locks. */
export async function writePart(
  tx: SqlRunner,
  key: SnapshotKey,
  customers: readonly CustomerKey[],
  part: SnapshotPart,
): Promise<void> {
  await writeItems(tx, key, part.items);
  await writeLines(tx, key, part.lines);
  await writeCustomers(tx, key, customers, part);
}

async function writeItems(tx: SqlRunner, { tenantId, periodId, version }: SnapshotKey, rows: readonly SnapshotItem[]) {
  if (rows.length === 0) return;
  const column = <T>(pick: (row: SnapshotItem) => T): T[] => rows.map(pick);
  await tx.query(
    `insert into billing.snapshot_item (tenant_id, period_id, version, customer_code, user_code, kind, code, instance,
       row_key, sku, line_key, is_billable, item, holding)
     select r.tenant_id, $13::date, $14::int, r.customer_code, r.user_code, r.kind, r.code, r.instance, r.row_key, r.sku, r.line_key,
       r.is_billable, r.item, r.holding
     from rows from (unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
       $10::boolean[]), json_array_elements($11::json), json_array_elements($12::json))
       as r(tenant_id, customer_code, user_code, kind, code, instance, row_key, sku, line_key, is_billable, item, holding)`,
    [
      ...slotColumns(column(({ holding }) => ({ tenantId, ...holding.identity }))),
      column(({ holding }) => holding.rowKey),
      column(({ holding }) => (holding.sku === '' ? null : holding.sku)),
      column(({ holding }) => holding.lineKey),
      column(({ holding }) => holding.billable),
      jsonArrayOf(column(({ item }) => item)),
      jsonArrayOf(column(({ holding }) => holding)),
      periodId,
      version,
    ],
  );
}

async function writeLines(tx: SqlRunner, { tenantId, periodId, version }: SnapshotKey, lines: readonly SnapshotLine[]) {
  if (lines.length === 0) return;
  await tx.query(
    `insert into billing.snapshot_line (tenant_id, line_key, period_id, version, customer_code, opening, counts)
     select $1::text, r.line_key, $2::date, $3::int, r.customer_code, r.opening, r.counts
     from rows from (unnest($4::text[], $5::text[], $6::text[]), jsonb_array_elements($7::jsonb))
       as r(line_key, customer_code, opening, counts)`,
    [
      tenantId,
      periodId,
      version,
      lines.map(({ lineKey }) => lineKey),
      lines.map(({ customerCode }) => customerCode),
      lines.map(({ opening }) => opening),
      jsonArrayOf(lines.map(({ counts }) => counts)),
    ],
  );
}

async function writeCustomers(
  tx: SqlRunner,
  { tenantId, periodId, version }: SnapshotKey,
  customers: readonly CustomerKey[],
  { names }: SnapshotPart,
) {
  const codes = customers.map(({ customerCode }) => customerCode);
  await tx.query(
    `insert into billing.snapshot_customer (tenant_id, period_id, version, customer_code, customer_name)
     select $1::text, $2::date, $3::int, r.customer_code, r.customer_name from unnest($4::text[], $5::text[]) as r(customer_code, customer_name)`,
    [tenantId, periodId, version, codes, codes.map((code) => nameNow(names.customer(code) ?? [])?.name ?? code)],
  );
}
