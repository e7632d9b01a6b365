import { type CustomerState, nameNow } from '@trueup/domain';
import type { SqlRunner } from '../sql-runner.js';

/** Replaces customers' folds, and what lists filter and sort by: the newest name, the reseller it belongs to now. */
export async function writeCustomers(
  tx: SqlRunner,
  changed: readonly { tenantId: string; state: CustomerState }[],
): Promise<void> {
  if (changed.length === 0) return;
  await tx.query(
    `update billing.customer c set name = n.name, reseller_code = n.reseller_code, state = n.state
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::json[]) as n(tenant_id, customer_code, name, reseller_code, state)
     where c.tenant_id = n.tenant_id and c.customer_code = n.customer_code`,
    [
      changed.map(({ tenantId }) => tenantId),
      changed.map(({ state }) => state.customerCode),
      changed.map(({ state }) => nameNow(state.names)?.name ?? null),
      changed.map(({ state }) => (state.payers.at(-1) ?? state.firstPayer)?.resellerCode ?? null),
      changed.map(({ state }) => JSON.stringify(state)),
    ],
  );
}
