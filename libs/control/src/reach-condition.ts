import type { Reach } from '@trueup/contracts';

/**
 * SQL that holds where the reach covers the row, for the columns named. Adds its values to `parameters`. A row without a customer
 * belongs to the whole tenant.
 */
export function reachCondition(reach: Reach, columns: { customer: string; tenant: string }, parameters: unknown[]): string {
  if (reach === 'tenant') return 'true';
  if ('customerCodes' in reach) return `${columns.customer} = any($${parameters.push(reach.customerCodes)}::text[])`;
  const reseller = `$${parameters.push(reach.resellerCode)}`;
  return `(${columns.customer} = ${reseller} or exists (select 1 from control.line_part r
    where r.tenant_id = ${columns.tenant} and r.customer_code = ${columns.customer} and r.reseller_code = ${reseller}))`;
}
