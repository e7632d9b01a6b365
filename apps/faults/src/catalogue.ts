import type { Fault } from './fault.js';
import { f17DuplicateDelivery } from './faults/f17-duplicate-delivery.js';

/** Every fault that can be injected here, in the order of its number. Those that cannot are in docs/guarantees.md with the reason. */
export const CATALOGUE: readonly Fault[] = [f17DuplicateDelivery];

/** The fault of that number; throws when there is none. */
export function faultOf(id: string): Fault {
  const found = CATALOGUE.find((fault) => fault.id.toUpperCase() === id.toUpperCase());
  if (found === undefined) throw new Error(`There is no fault ${id}; known: ${CATALOGUE.map((fault) => fault.id).join(', ')}`);
  return found;
}
