import { Decimal } from 'decimal.js';
import type { Quantity } from '@trueup/contracts';

// Quantities have at most 12 digits before and 6 after the point, and sums of them some more: 80 digits never round.
const Exact = Decimal.clone({ precision: 80 });
const SMALL_INTEGER = /^-?\d{1,14}$/;

/** `a + b`, exact, in canonical form. */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  if (SMALL_INTEGER.test(a) && SMALL_INTEGER.test(b)) return String(Number(a) + Number(b));
  return canonical(new Exact(a).plus(b));
}

/** `a − b`, exact, in canonical form. */
export function subtractQuantities(a: Quantity, b: Quantity): Quantity {
  if (SMALL_INTEGER.test(a) && SMALL_INTEGER.test(b)) return String(Number(a) - Number(b));
  return canonical(new Exact(a).minus(b));
}

/** The exact sum; "0" of nothing. */
export function sumQuantities(quantities: Iterable<Quantity>): Quantity {
  let sum: Quantity = '0';
  for (const quantity of quantities) sum = addQuantities(sum, quantity);
  return sum;
}

/** Below 0, 0 or above 0 as `a` is less than, equal to or greater than `b`. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  if (SMALL_INTEGER.test(a) && SMALL_INTEGER.test(b)) return Number(a) - Number(b);
  return new Exact(a).comparedTo(b);
}

/** The larger of two quantities. */
export function largerQuantity(a: Quantity, b: Quantity): Quantity {
  return compareQuantities(a, b) < 0 ? b : a;
}

function canonical(value: Decimal): Quantity {
  return value.isZero() ? '0' : value.toFixed();
}
