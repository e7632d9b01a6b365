import type { CloudEvent } from '@trueup/testing/product';
import type { SceneProduct } from '@trueup/testing/product';

/** Units of a customer by sku. */
export type Units = ReadonlyMap<string, number>;

interface CustomerState {
  /** `user service` to plan, or null without one. */
  seats: Map<string, string | null>;
  /** Service of the customer itself to its quantity. */
  quantities: Map<string, number>;
}

/**
 * Units by customer and sku after all events before `until`, told in the order in which they happened. Written from the guides alone: it
 * shares nothing with the product, so that the two can disagree.
 */
export function plainTruth(
  events: readonly CloudEvent[],
  products: readonly SceneProduct[],
  until: string,
): ReadonlyMap<string, Units> {
  const customers = new Map<string, CustomerState>();
  const cutAt = Date.parse(until);
  const told = [...events].filter(({ time }) => Date.parse(time) < cutAt);
  for (const one of told.sort((a, b) => Date.parse(a.time) - Date.parse(b.time))) apply(one, stateOf(customers, one.subject));
  return new Map([...customers].map(([code, state]) => [code, unitsOf(state, products)]));
}

function stateOf(customers: Map<string, CustomerState>, code: string): CustomerState {
  const known = customers.get(code) ?? { seats: new Map(), quantities: new Map() };
  customers.set(code, known);
  return known;
}

function apply({ type, data }: CloudEvent, { seats, quantities }: CustomerState): void {
  const { userCode, serviceCode, planCode, quantity } = data as Record<string, string | undefined>;
  const seat = `${userCode} ${serviceCode}`;
  switch (type.replace(/^trueup\.(.*)\.v1$/, '$1')) {
    case 'user.service.assigned':
      seats.set(seat, planCode ?? seats.get(seat) ?? null);
      break;
    case 'user.service.plan-changed':
      if (seats.has(seat)) seats.set(seat, planCode!);
      break;
    case 'user.service.removed':
      seats.delete(seat);
      break;
    case 'user.removed':
      for (const held of [...seats.keys()]) if (held.startsWith(`${userCode} `)) seats.delete(held);
      break;
    case 'customer.service.assigned':
      quantities.set(serviceCode!, Number(quantity ?? 1));
      break;
    case 'customer.service.quantity-changed':
      if (quantities.has(serviceCode!)) quantities.set(serviceCode!, Number(quantity));
      break;
    case 'customer.service.removed':
      quantities.delete(serviceCode!);
      break;
    case 'customer.deprovisioned':
      seats.clear();
      quantities.clear();
      break;
    default: // names and payers: nothing that is counted
  }
}

function unitsOf({ seats, quantities }: CustomerState, products: readonly SceneProduct[]): Units {
  const units = new Map(products.map(({ sku }) => [sku, 0]));
  const add = (service: string, plan: string | null, count: number): void => {
    const sku = products.find((product) => product.service === service && product.planCodes.includes(plan))?.sku;
    if (sku !== undefined) units.set(sku, units.get(sku)! + count);
  };
  for (const [seat, plan] of seats) add(seat.split(' ')[1]!, plan, 1);
  for (const [service, quantity] of quantities) add(service, null, quantity);
  return units;
}
