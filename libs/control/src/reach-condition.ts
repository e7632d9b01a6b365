import type { Reach } from '@trueup/contracts';

/**
 * SQL that holds where the reach covers the row, for the columns named. Adds its values to `parameters`. A row without a customer
 * belongs to the whole tenant. A customer belongs to the reseller that its newest target names: lines that ended before it moved keep
 * the reseller of then.
 */
export function reachCondition(reach: Reach, columns: { customer: string; tenant: string }, parameters: unknown[]): string {
  if (reach === 'tenant') return 'true';
  if ('customerCodes' in reach) return `${columns.customer} = any($${parameters.push(reach.customerCodes)}::text[])`;
  const reseller = `$${parameters.push(reach.resellerCode)}`;
  return `(${columns.customer} = ${reseller} or coalesce((select r.reseller_code from control.line_part r
    where r.tenant_id = ${columns.tenant} and r.customer_code = ${columns.customer}
    order by r.updated_at desc, r.target_version desc limit 1) = ${reseller}, false))`;
}
