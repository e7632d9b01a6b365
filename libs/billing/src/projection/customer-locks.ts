import type { CustomerState } from '@trueup/domain';
import type { SqlRunner } from '../sql-runner.js';
import { customerIdOf } from './slot.js';
import { textArray } from './text-array.js';

/** Names a customer within its tenant. */
export interface CustomerKey {
  tenantId: string;
  customerCode: string;
}

/** A customer's row as it stands while this transaction holds its lock. */
export interface LockedCustomer extends CustomerKey {
  /** Null before the first event that names, moves or ends it. */
  state: CustomerState | null;
}

/**
 * Locks customers in (tenant, code) order until the transaction ends, and creates those not yet known. Every writer of a customer's
 * truth does this before it reads anything else: what it reads afterwards is then the last word, and two writers never wait in a ring.
 */
export async function lockCustomers(tx: SqlRunner, keys: readonly CustomerKey[]): Promise<LockedCustomer[]> {
  const distinct = [...new Map(keys.map((key) => [customerIdOf(key), key])).values()];
  const columns = [textArray(distinct.map((key) => key.tenantId)), textArray(distinct.map((key) => key.customerCode))];
  await tx.query(
    `insert into billing.customer (tenant_id, customer_code)
     select u.tenant_id::billing.code, u.customer_code::billing.code
     from unnest($1::text[], $2::text[]) as u(tenant_id, customer_code) order by 1, 2
     on conflict do nothing`,
    columns,
  );
  return tx.query(
    `select c.tenant_id as "tenantId", c.customer_code as "customerCode", c.state
     from billing.customer c
     where (c.tenant_id, c.customer_code) in (select u.t, u.c from unnest($1::text[], $2::text[]) as u(t, c))
     order by c.tenant_id, c.customer_code for update of c`,
    columns,
  );
}
