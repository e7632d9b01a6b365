import type { Payer, Reach } from '@trueup/contracts';
import type { CustomerState } from '@trueup/domain';
import type { SqlRunner } from '../sql-runner.js';
import { keyOfCursor, type Page, type PageRequest, pageOf } from './page.js';
import { Bindings, reachPredicate } from './reach-predicate.js';

/** A customer as it is now. A customer that was never named goes by its code. */
export interface Customer {
  customerCode: string;
  name: string;
  resellerCode: string | null;
  billedBy: Payer['billedBy'];
}

/** A customer as stored; `state` is null until an event of its own came. */
export interface CustomerRow {
  customerCode: string;
  state: CustomerState | null;
  name: string | null;
}

const COLUMNS = 'c.customer_code as "customerCode", c.name, c.state';

/** A page of customers by code. */
export async function findCustomers(
  database: SqlRunner,
  tenantId: string,
  reach: Reach,
  page: PageRequest,
): Promise<Page<Customer>> {
  const bindings = new Bindings();
  const conditions = [`c.tenant_id = ${bindings.add(tenantId)}`, reachPredicate(reach, 'c', bindings)];
  const after = keyOfCursor(page.cursor, 1);
  if (after !== undefined) conditions.push(`c.customer_code > ${bindings.add(after[0])}`);
  const rows = await database.query<CustomerRow[]>(
    `select ${COLUMNS} from billing.customer c where ${conditions.join(' and ')} order by c.customer_code limit ${page.limit + 1}`,
    bindings.values,
  );
  return pageOf(rows, page.limit, ({ customerCode }) => [customerCode], toCustomer);
}

/** One customer; null when the tenant has none of this code within reach. */
export async function findCustomer(database: SqlRunner, tenantId: string, reach: Reach, code: string): Promise<Customer | null> {
  const row = await findCustomerState(database, tenantId, reach, code);
  return row === null ? null : toCustomer(row);
}

/** One customer with all that its own events fold into; null when the tenant has none of this code within reach. */
export async function findCustomerState(
  database: SqlRunner,
  tenantId: string,
  reach: Reach,
  code: string,
): Promise<CustomerRow | null> {
  const bindings = new Bindings();
  const conditions = [`c.tenant_id = ${bindings.add(tenantId)}`, `c.customer_code = ${bindings.add(code)}`];
  conditions.push(reachPredicate(reach, 'c', bindings));
  const rows = await database.query<CustomerRow[]>(
    `select ${COLUMNS} from billing.customer c where ${conditions.join(' and ')}`,
    bindings.values,
  );
  return rows[0] ?? null;
}

function toCustomer({ customerCode, name, state }: CustomerRow): Customer {
  const payer = state?.payers.at(-1) ?? state?.firstPayer;
  return {
    customerCode,
    name: name ?? customerCode,
    resellerCode: payer?.resellerCode ?? null,
    billedBy: payer?.billedBy ?? 'provider',
  };
}
