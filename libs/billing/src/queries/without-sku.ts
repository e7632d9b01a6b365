import type { ItemKind, Reach } from '@trueup/contracts';
import type { SqlRunner } from '../sql-runner.js';
import { Bindings, reachPredicate } from './reach-predicate.js';

/** A customer's holdings of one service (and plan) that no catalogue row and no event gives a sku. `count`: rows held now. */
export interface WithoutSku {
  customerCode: string;
  kind: ItemKind;
  serviceCode: string;
  serviceName: string;
  planCode?: string;
  count: number;
}

/** What is held now without a sku, by customer, service and plan. */
export async function findWithoutSku(database: SqlRunner, tenantId: string, reach: Reach): Promise<WithoutSku[]> {
  const bindings = new Bindings();
  const conditions = [
    `h.tenant_id = ${bindings.add(tenantId)}`,
    'h.sku is null and h.last_to is null',
    reachPredicate(reach, 'h', bindings),
  ];
  const rows = await database.query<(Omit<WithoutSku, 'planCode'> & { planCode: string })[]>(
    `select h.customer_code as "customerCode", h.kind, h.code as "serviceCode", max(h.content->>'serviceName') as "serviceName",
       h.content->>'planCode' as "planCode", count(*)::int as count
     from billing.holding h where ${conditions.join(' and ')} group by 1, 2, 3, 5 order by 1, 2, 3, 5`,
    bindings.values,
  );
  return rows.map(({ planCode, ...row }) => ({ ...row, ...(planCode !== '' && { planCode }) }));
}
