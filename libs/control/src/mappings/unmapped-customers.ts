import type { Code, Reach } from '@trueup/contracts';
import { reachCondition } from '../reach-condition.js';
import type { SqlRunner } from '../sql-runner.js';

/** A customer with lines that no mapping brings to a PSA. */
export interface UnmappedCustomer {
  customerCode: string;
  /** CUSTOMER_UNMAPPED: the customer has no account; PRODUCT_NOT_FOUND: one of its skus has no product. */
  code: Code;
  skus: string[];
  lines: number;
}

/** Unmapped customers in code order, those after the code `after`. */
export async function listUnmapped(
  db: SqlRunner,
  query: { tenantId: string; reach: Reach; after?: string; limit: number },
): Promise<UnmappedCustomer[]> {
  const parameters: unknown[] = [query.tenantId, query.after ?? '', query.limit];
  const isWithinReach = reachCondition(query.reach, { customer: 'l.customer_code', tenant: 'l.tenant_id' }, parameters);
  return db.query(
    `select l.customer_code as "customerCode", min(l.code) as code, array_agg(distinct l.sku order by l.sku) as skus,
       count(*)::int as lines
     from control.line_part l
     where l.tenant_id = $1 and l.code is not null and l.customer_code > $2 and ${isWithinReach}
     group by l.customer_code order by l.customer_code limit $3`,
    parameters,
  );
}

/** How many customers within reach have lines that no mapping brings to a PSA, and how many such lines there are. */
export async function countUnmapped(
  db: SqlRunner,
  query: { tenantId: string; reach: Reach },
): Promise<{ customers: number; lines: number }> {
  const parameters: unknown[] = [query.tenantId];
  const isWithinReach = reachCondition(query.reach, { customer: 'l.customer_code', tenant: 'l.tenant_id' }, parameters);
  const [row] = await db.query<{ customers: number; lines: number }[]>(
    `select count(distinct l.customer_code)::int as customers, count(*)::int as lines from control.line_part l
     where l.tenant_id = $1 and l.code is not null and ${isWithinReach}`,
    parameters,
  );
  return row!;
}
