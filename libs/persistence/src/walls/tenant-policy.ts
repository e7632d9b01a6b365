import { TENANT_SETTING } from '@trueup/contracts';

/** Holds for every role: rows of the transaction's tenant alone. Unset it is an error, after the end of a transaction that set it nothing. */
export const ONE_TENANT = 'one_tenant';
/** Lets the roles through whose work is across tenants. */
export const EVERY_TENANT = 'every_tenant';

/** The SQL condition that a column names the tenant of the transaction. */
export function tenantCondition(column: string): string {
  return `${column} = current_setting('${TENANT_SETTING}')`;
}
