import type { CustomerKey } from '../projection/customer-locks.js';
import type { OrderedEvent } from '../projection/refold-events.js';
import { type Slot, slotIdOf } from '../projection/slot.js';
import type { SqlRunner } from '../sql-runner.js';

/** Everything ever filed under some customers. */
export interface FiledEvents {
  /** By slot id, in no particular order. */
  events: Map<string, OrderedEvent[]>;
  /** Where something is filed, and where a row stands that nothing supports. */
  slots: Slot[];
}

const SLOT = (alias: string): string =>
  `${alias}.tenant_id as "tenantId", ${alias}.customer_code as "customerCode", ${alias}.user_code as "userCode", ${alias}.kind, ${alias}.code, ${alias}.instance`;

/** Reads the events of customers of one tenant, and the places of their rows. */
export async function readFiled(tx: SqlRunner, customers: readonly CustomerKey[]): Promise<FiledEvents> {
  const keys = [customers[0]!.tenantId, customers.map(({ customerCode }) => customerCode)];
  const known = await readKnown(tx, customers);
  const held = await tx.query<Slot[]>(
    `select distinct ${SLOT('h')} from billing.holding h where h.tenant_id = $1 and h.customer_code = any($2::text[])`,
    keys,
  );
  const slots = new Map([...known.slots, ...held].map((slot) => [slotIdOf(slot), slot]));
  return { events: known.events, slots: [...slots.values()] };
}

async function readKnown(database: SqlRunner, customers: readonly CustomerKey[]): Promise<FiledEvents> {
  const rows = await database.query<(OrderedEvent & Slot)[]>(
    `select ${SLOT('e')}, e.order_key as "orderKey", e.content as event from billing.event e
     where e.tenant_id = $1 and e.customer_code = any($2::text[])`,
    [customers[0]!.tenantId, customers.map(({ customerCode }) => customerCode)],
  );
  const slots = new Map(rows.map((row) => [slotIdOf(row), slotIn(row)]));
  return { events: Map.groupBy(rows, slotIdOf), slots: [...slots.values()] };
}

const slotIn = ({ tenantId, customerCode, userCode, kind, code, instance }: Slot): Slot => {
  return { tenantId, customerCode, userCode, kind, code, instance };
};
