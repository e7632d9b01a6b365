import type { PlainDate } from '@trueup/contracts';
import type { CustomerKey } from '../projection/customer-locks.js';
import { customerIdOf } from '../projection/slot.js';
import type { SqlRunner } from '../sql-runner.js';

/** Which periods are closed: for a whole tenant, or, while a period is being frozen, for the customers frozen so far. */
export class ClosedPeriods {
  constructor(
    private readonly ofTenants: ReadonlyMap<string, ReadonlySet<PlainDate>>,
    private readonly ofCustomers: ReadonlyMap<string, ReadonlySet<PlainDate>>,
  ) {}

  has(customer: CustomerKey, periodId: PlainDate): boolean {
    const isOfTenant = this.ofTenants.get(customer.tenantId)?.has(periodId) ?? false;
    return isOfTenant || (this.ofCustomers.get(customerIdOf(customer))?.has(periodId) ?? false);
  }
}

/**
 * Reads what is closed for locked customers. Periods under way to be closed are shared until the transaction ends: the closer waits for
 * everybody who counts on one being open, so that nothing slips in between the last look and the close.
 */
export async function readClosedPeriods(tx: SqlRunner, customers: readonly CustomerKey[]): Promise<ClosedPeriods> {
  const tenantIds = [...new Set(customers.map(({ tenantId }) => tenantId))];
  const closing = await tx.query<unknown[]>(
    `select 1 from billing.period where tenant_id = any($1::text[]) and closing_since is not null and closed_at is null
     order by tenant_id, id for share`,
    [tenantIds],
  );
  const closed = await tx.query<{ tenantId: string; id: PlainDate }[]>(
    `select tenant_id as "tenantId", id from billing.period where tenant_id = any($1::text[]) and closed_at is not null`,
    [tenantIds],
  );
  const frozen = closing.length === 0 ? [] : await readFrozen(tx, customers);
  return new ClosedPeriods(
    idsBy(closed, ({ tenantId }) => tenantId),
    idsBy(frozen, customerIdOf),
  );
}

function readFrozen(tx: SqlRunner, customers: readonly CustomerKey[]): Promise<(CustomerKey & { id: PlainDate })[]> {
  return tx.query(
    `select s.tenant_id as "tenantId", s.customer_code as "customerCode", s.period_id as id from billing.snapshot_customer s
     join billing.period p on p.tenant_id = s.tenant_id and p.id = s.period_id
     where p.closing_since is not null and p.closed_at is null and s.version = 1
       and (s.tenant_id, s.customer_code) in (select u.t, u.c from unnest($1::text[], $2::text[]) as u(t, c))`,
    [customers.map(({ tenantId }) => tenantId), customers.map(({ customerCode }) => customerCode)],
  );
}

function idsBy<T extends { id: PlainDate }>(rows: readonly T[], keyOf: (row: T) => string): Map<string, Set<PlainDate>> {
  return new Map([...Map.groupBy(rows, keyOf)].map(([key, group]) => [key, new Set(group.map(({ id }) => id))]));
}
