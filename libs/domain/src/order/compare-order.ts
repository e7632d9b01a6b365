import type { ProvisioningEvent } from '@trueup/contracts';
import { orderKeyOf } from './order-key.js';

const FIRST_SURROGATE = 0xd800;
const AFTER_SURROGATES = 0xe000;

/** Compares texts as their UTF-8 bytes do (Postgres collation "C"); plain `<` differs where surrogate pairs meet U+E000 and above. */
export function compareOrder(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const unitA = a.charCodeAt(index);
    const unitB = b.charCodeAt(index);
    if (unitA !== unitB) return rankOf(unitA) - rankOf(unitB);
  }
  return a.length - b.length;
}

/** The same events in the order of contracts 1; the input stays as it is. */
export function inOrder<T extends ProvisioningEvent>(events: readonly T[]): T[] {
  return events
    .map((event) => ({ event, key: orderKeyOf(event) }))
    .sort((a, b) => compareOrder(a.key, b.key))
    .map(({ event }) => event);
}

// Surrogates stand for code points above every other unit.
function rankOf(unit: number): number {
  if (unit < FIRST_SURROGATE) return unit;
  return unit < AFTER_SURROGATES ? unit + 0x10000 : unit;
}
