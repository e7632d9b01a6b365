import type { AgreementLine, DeliveryState, Reach } from '@trueup/contracts';
import { reachCondition } from '../reach-condition.js';
import type { SqlRunner } from '../sql-runner.js';

export interface AgreementLineFilter {
  tenantId: string;
  connectionId: string;
  reach: Reach;
  agreementLineKey?: string;
  states?: readonly DeliveryState[];
  customerCode?: string;
  /** The key after which the page begins. */
  after?: string;
  limit: number;
}

type Row = Omit<AgreementLine, 'agreementRef' | 'siteRef' | 'message' | 'at'> & {
  agreementRef: string;
  siteRef: string;
  message: string | null;
  at: Date | null;
};

/** The connection's agreement lines in key order. One that sums customers outside the reach is not shown. */
export async function listAgreementLines(db: SqlRunner, filter: AgreementLineFilter): Promise<AgreementLine[]> {
  const parameters: unknown[] = [filter.tenantId, filter.connectionId, filter.after ?? '', filter.limit];
  const outside = `not (${reachCondition(filter.reach, { customer: 'p.customer_code', tenant: 'p.tenant_id' }, parameters)})`;
  const rows = await db.query<Row[]>(
    `select l.agreement_line_key as "agreementLineKey", l.connection_id as "connectionId", l.billing_identifier as "billingIdentifier",
       l.agreement_ref as "agreementRef", l.product_ref as "productRef", l.site_ref as "siteRef", ${shownState} as state, l.code,
       l.message, l.version, l.steps as ours, l.held->'steps' as theirs, l.baseline, l.offset_units as "offset",
       coalesce(l.writes_from, min(p.mapped_from)) as "writesFrom", l.state_at as at,
       jsonb_agg(jsonb_build_object('lineKey', p.line_key, 'targetVersion', p.target_version, 'quantity', p.steps->-1->>'quantity')
         order by p.line_key collate "C") as parts
     from control.agreement_line l join control.agreement_line_part p using (connection_id, agreement_line_key)
     where l.tenant_id = $1 and l.connection_id = $2 and l.agreement_line_key > $3 ${conditionsOf(filter, parameters)}
     group by l.connection_id, l.agreement_line_key
     having not bool_or(${outside}) order by l.agreement_line_key limit $4`,
    parameters,
  );
  return rows.map(toAgreementLine);
}

/** A line whose parts were all left is abandoned, whatever its last outcome says. */
const shownState = `case when bool_and(p.is_left) then 'abandoned' else l.state end`;

function conditionsOf(filter: AgreementLineFilter, parameters: unknown[]): string {
  const conditions: string[] = [];
  if (filter.agreementLineKey !== undefined)
    conditions.push(`l.agreement_line_key = $${parameters.push(filter.agreementLineKey)}`);
  if (filter.states) conditions.push(`l.state = any($${parameters.push(filter.states)}::text[])`);
  if (filter.customerCode !== undefined) {
    conditions.push(`exists (select 1 from control.agreement_line_part c where c.connection_id = l.connection_id
      and c.agreement_line_key = l.agreement_line_key and c.customer_code = $${parameters.push(filter.customerCode)})`);
  }
  return conditions.map((condition) => `and ${condition}`).join(' ');
}

function toAgreementLine(row: Row): AgreementLine {
  const { agreementRef, siteRef, message, at, ...rest } = row;
  return {
    ...rest,
    ...(agreementRef && { agreementRef }),
    ...(siteRef && { siteRef }),
    ...(message !== null && { message }),
    at: at?.toISOString() ?? null,
  };
}
