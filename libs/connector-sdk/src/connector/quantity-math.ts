import { Decimal } from 'decimal.js';
import { toQuantity, type Quantity } from '@trueup/contracts';

const Exact = Decimal.clone({ precision: 60, toExpNeg: -40, toExpPos: 40 });

/** `a - b`, exactly. */
export function minus(a: Quantity, b: Quantity): Quantity {
  return toQuantity(new Exact(a).minus(b).toFixed());
}

/** `a + b`, exactly. */
export function plus(a: Quantity, b: Quantity): Quantity {
  return toQuantity(new Exact(a).plus(b).toFixed());
}

/** Whether `a` is smaller than `b`. */
export function isLess(a: Quantity, b: Quantity): boolean {
  return new Exact(a).lessThan(b);
}

/** Whether the quantity has no fraction. */
export function isWhole(a: Quantity): boolean {
  return new Exact(a).isInteger();
}

/** The smaller of two quantities. */
export function smallerOf(a: Quantity, b: Quantity): Quantity {
  return isLess(b, a) ? b : a;
}

/** The quantity as a JSON number, for a PSA whose wire takes whole numbers. Throws a RangeError where a number would not be exact. */
export function toWholeNumber(a: Quantity): number {
  const number = Number(a);
  if (!Number.isSafeInteger(number)) throw new RangeError(`not a whole number that JSON carries exactly: ${a}`);
  return number;
}

/** A JSON number of the wire as an exact quantity; undefined for anything else. */
export function fromNumber(value: unknown): Quantity | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  return toQuantity(new Exact(value).toFixed());
}
