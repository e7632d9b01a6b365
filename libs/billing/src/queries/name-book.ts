import type { CustomerState, Holding, NameBook } from '@trueup/domain';
import { userIdOf } from '../projection/slot.js';
import { readUsers } from '../projection/stored-states.js';
import type { SqlRunner } from '../sql-runner.js';

/** The names of everybody that the rows of one tenant are about. */
export async function readNames(database: SqlRunner, tenantId: string, holdings: readonly Holding[]): Promise<NameBook> {
  const identities = holdings.map(({ identity }) => ({ tenantId, ...identity }));
  const distinct = new Map(identities.filter(({ userCode }) => userCode !== '').map((user) => [userIdOf(user), user]));
  const users = await readUsers(database, [...distinct.values()]);
  const customers = await readCustomers(database, tenantId, [...new Set(identities.map(({ customerCode }) => customerCode))]);
  return {
    customer: (customerCode) => customers.get(customerCode)?.names,
    user: (customerCode, userCode) => users.get(userIdOf({ tenantId, customerCode, userCode }))?.names,
  };
}

async function readCustomers(
  database: SqlRunner,
  tenantId: string,
  codes: readonly string[],
): Promise<Map<string, CustomerState>> {
  if (codes.length === 0) return new Map();
  const rows = await database.query<{ code: string; state: CustomerState }[]>(
    `select customer_code as code, state from billing.customer where tenant_id = $1 and customer_code = any($2::text[]) and state is not null`,
    [tenantId, codes],
  );
  return new Map(rows.map(({ code, state }) => [code, state]));
}
