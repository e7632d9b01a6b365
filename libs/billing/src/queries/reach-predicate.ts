import type { Reach } from '@trueup/contracts';

/** Collects bind parameters while a statement is put together. */
export class Bindings {
  readonly values: unknown[] = [];

  /** Adds a value and returns its placeholder. */
  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/**
 * The SQL condition for "this customer lies within reach". `alias` has the columns tenant_id and customer_code. Every query of the
 * billing truth takes a reach: what lies outside is not there.
 */
export function reachPredicate(reach: Reach, alias: string, bindings: Bindings): string {
  if (reach === 'tenant') return 'true';
  if ('customerCodes' in reach) return `${alias}.customer_code = any(${bindings.add(reach.customerCodes)}::text[])`;
  return `exists (select 1 from billing.customer reached where reached.tenant_id = ${alias}.tenant_id
    and reached.customer_code = ${alias}.customer_code and reached.reseller_code = ${bindings.add(reach.resellerCode)})`;
}
