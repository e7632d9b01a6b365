import type { CustomerKey } from '../projection/customer-locks.js';
import type { SqlRunner } from '../sql-runner.js';

/** Customers of a tenant: all, or those that ever held one of these codes. */
export interface CustomerScope {
  tenantId: string;
  codes?: readonly string[];
}

/** The customers in scope by code, in groups; a customer that appears meanwhile is decided by whatever made it appear. */
export async function* customersIn(database: SqlRunner, scope: CustomerScope, groupSize: number): AsyncGenerator<CustomerKey[]> {
  for (let after = ''; ;) {
    const group = await nextCustomers(database, scope, after, groupSize);
    if (group.length > 0) yield group;
    if (group.length < groupSize) return;
    after = group.at(-1)!.customerCode;
  }
}

function nextCustomers(
  database: SqlRunner,
  { tenantId, codes }: CustomerScope,
  after: string,
  limit: number,
): Promise<CustomerKey[]> {
  const isHolder =
    codes === undefined
      ? 'true'
      : `exists (select 1 from billing.assignment a
    where a.tenant_id = c.tenant_id and a.customer_code = c.customer_code and a.code = any($4::text[]))`;
  return database.query(
    `select c.tenant_id as "tenantId", c.customer_code as "customerCode" from billing.customer c
     where c.tenant_id = $1 and c.customer_code > $2 and ${isHolder} order by c.customer_code limit $3`,
    [tenantId, after, limit, ...(codes === undefined ? [] : [codes])],
  );
}
