import { type Quantity, toQuantity } from '@trueup/contracts';
import type { SqlRunner } from '../sql-runner.js';

/** All lines of a customer in short: two stores that agree on it agree on every line. */
export interface CustomerLines {
  tenantId: string;
  customerCode: string;
  lines: number;
  /** Sum of the lines' target versions. */
  versions: string;
  units: Quantity;
}

/** A line as its target was last sent. */
export interface SentLine {
  tenantId: string;
  customerCode: string;
  lineKey: string;
  targetVersion: number;
  units: Quantity;
  sentAt: Date;
}

const UNITS = `(content->'periods'->-1->'steps'->-1->>'quantity')::numeric`;

/** Lines that were ever sent, customer by customer; of one tenant or of all. */
export async function sentLinesByCustomer(db: SqlRunner, tenantId?: string): Promise<CustomerLines[]> {
  const rows = await db.query<CustomerLines[]>(
    `select tenant_id as "tenantId", customer_code as "customerCode", count(*)::int as lines, sum(target_version)::text as versions,
       sum(${UNITS})::text as units
     from billing.line_target where target_version > 0 and ($1::text is null or tenant_id = $1) group by tenant_id, customer_code`,
    [tenantId ?? null],
  );
  return rows.map((row) => ({ ...row, units: toQuantity(row.units) }));
}

/** The sent lines of these customers. */
export async function sentLinesOf(
  db: SqlRunner,
  customers: readonly { tenantId: string; customerCode: string }[],
): Promise<SentLine[]> {
  const rows = await db.query<SentLine[]>(
    `select tenant_id as "tenantId", customer_code as "customerCode", line_key as "lineKey", target_version::int as "targetVersion",
       ${UNITS}::text as units, emitted_at as "sentAt"
     from billing.line_target
     where target_version > 0 and (tenant_id, customer_code) in (select t, c from unnest($1::text[], $2::text[]) as w(t, c))`,
    [customers.map(({ tenantId }) => tenantId), customers.map(({ customerCode }) => customerCode)],
  );
  return rows.map((row) => ({ ...row, units: toQuantity(row.units) }));
}
