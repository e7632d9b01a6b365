import type { CustomerKey } from '../projection/customer-locks.js';
import type { SqlRunner } from '../sql-runner.js';

/** Customers of a tenant: all, those that ever held one of these service codes, or those named. */
export interface CustomerScope {
  tenantId: string;
  codes?: readonly string[];
  customerCodes?: readonly string[];
}

/** The customers in scope by code, in groups; a customer that appears meanwhile is decided by whatever made it appear. */
export function customersIn(database: SqlRunner, scope: CustomerScope, groupSize: number): AsyncGenerator<CustomerKey[]> {
  return customersAfter(database, scope, '', groupSize);
}

/** Those behind a customer code: where a piece of work goes on. */
export async function* customersAfter(
  database: SqlRunner,
  scope: CustomerScope,
  first: string,
  groupSize: number,
): AsyncGenerator<CustomerKey[]> {
  for (let after = first; ;) {
    const group = await nextCustomers(database, scope, after, groupSize);
    if (group.length > 0) yield group;
    if (group.length < groupSize) return;
    after = group.at(-1)!.customerCode;
  }
}

function nextCustomers(
  database: SqlRunner,
  { tenantId, codes, customerCodes }: CustomerScope,
  after: string,
  limit: number,
): Promise<CustomerKey[]> {
  return database.query(
    `select c.tenant_id as "tenantId", c.customer_code as "customerCode" from billing.customer c
     where c.tenant_id = $1 and c.customer_code > $2
       and ($4::text[] is null or exists (select 1 from billing.assignment a
         where a.tenant_id = c.tenant_id and a.customer_code = c.customer_code and a.code = any($4::text[])))
       and ($5::text[] is null or c.customer_code = any($5::text[]))
     order by c.customer_code limit $3`,
    [tenantId, after, limit, codes ?? null, customerCodes ?? null],
  );
}
