import type { ProvisioningEvent } from '@trueup/contracts';
import { compareOrder } from '@trueup/domain';
import type { SqlRunner } from '../sql-runner.js';
import { type Slot, slotIdOf } from './slot.js';
import { slotColumns } from './stored-states.js';

/** An event with its place in the order. */
export interface OrderedEvent {
  orderKey: string;
  event: ProvisioningEvent;
}

type StoredEvent = OrderedEvent & Slot;

/** Every event ever filed under these slots (or recorded before an instant), by slot id, in no particular order. */
export async function readEventsOf(
  tx: SqlRunner,
  slots: readonly Slot[],
  recordedBefore?: Date,
): Promise<Map<string, OrderedEvent[]>> {
  const distinct = [...new Map(slots.map((slot) => [slotIdOf(slot), slot])).values()];
  if (distinct.length === 0) return new Map();
  const rows = await tx.query<StoredEvent[]>(
    `select e.tenant_id as "tenantId", e.customer_code as "customerCode", e.user_code as "userCode", e.kind, e.code, e.instance,
       e.order_key as "orderKey", e.content as event
     from billing.event e
     join unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
       as k(tenant_id, customer_code, user_code, kind, code, instance)
       using (tenant_id, customer_code, user_code, kind, code, instance)
     ${recordedBefore === undefined ? '' : 'where e.recorded_at < $7'}`,
    [...slotColumns(distinct), ...(recordedBefore === undefined ? [] : [recordedBefore])],
  );
  return Map.groupBy(rows, slotIdOf);
}

/** The events in the order of contracts 1. */
export function ordered(events: readonly OrderedEvent[]): ProvisioningEvent[] {
  return [...events].sort((a, b) => compareOrder(a.orderKey, b.orderKey)).map(({ event }) => event);
}
