import type { Delivery, Reach } from '@trueup/contracts';
import { reachCondition } from '../reach-condition.js';
import type { SqlRunner } from '../sql-runner.js';

interface Row {
  lineKey: string;
  lineCode: Delivery['code'];
  connectionId: string | null;
  agreementLineKey: string | null;
  state: Delivery['state'] | null;
  code: Delivery['code'];
  delivered: string | null;
  at: Date | null;
}

/**
 * How far each line has come, per connection; a decided line that nothing maps has one entry `unmapped`. A line that is unknown here,
 * not decided yet or outside the reach is absent. `delivered` is the agreement line's quantity as last confirmed,
 * other parts included; `at` says since when it has its state.
 */
export async function deliveriesOfLines(
  db: SqlRunner,
  query: { tenantId: string; reach: Reach; lineKeys: readonly string[] },
): Promise<Map<string, Delivery[]>> {
  const parameters: unknown[] = [query.tenantId, [...query.lineKeys]];
  const isWithinReach = reachCondition(query.reach, { customer: 'l.customer_code', tenant: 'l.tenant_id' }, parameters);
  const rows = await db.query<Row[]>(
    `select l.line_key as "lineKey", l.code as "lineCode", a.connection_id as "connectionId", a.agreement_line_key as "agreementLineKey",
       case when p.is_left or c.deleted_at is not null then 'abandoned' else a.state end as state, a.code,
       a.delivered_quantity as delivered, a.state_at as at
     from control.line_part l
     left join control.agreement_line_part p on p.line_key = l.line_key and (p.is_current or p.is_left)
     left join control.agreement_line a on a.connection_id = p.connection_id and a.agreement_line_key = p.agreement_line_key
     left join control.connection c on c.id = a.connection_id
     where l.tenant_id = $1 and l.line_key = any($2::text[]) and (p.line_key is not null or l.code is not null) and ${isWithinReach}
     order by l.line_key collate "C", a.connection_id collate "C", a.agreement_line_key`,
    parameters,
  );
  const groups = Map.groupBy(rows, (row) => row.lineKey);
  return new Map([...groups].map(([lineKey, group]) => [lineKey, group.map(toDelivery)]));
}

function toDelivery(row: Row): Delivery {
  if (row.connectionId === null || row.state === null) {
    return { connectionId: null, agreementLineKey: null, state: 'unmapped', code: row.lineCode };
  }
  const { connectionId, agreementLineKey, state, code, delivered, at } = row;
  return {
    connectionId,
    agreementLineKey,
    state,
    code,
    ...(delivered !== null && { delivered }),
    ...(at !== null && { at: at.toISOString() }),
  };
}
