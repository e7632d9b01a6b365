import { z } from 'zod';

/** An exact decimal in canonical text form: no leading zeros, no trailing fraction zeros, no "-0". `"12"`, `"2.5"`, `"-3"`. */
export type Quantity = string;

const CANONICAL = /^(0|-?[1-9]\d*|-?(0|[1-9]\d*)\.\d*[1-9])$/;
const DECIMAL = /^(-?)0*(\d+?)(?:\.(\d*?)0*)?$/;

/** Canonical form of a decimal text ("007.50" is "7.5"). Throws a RangeError when the text is no decimal. */
export function toQuantity(text: string): Quantity {
  const match = DECIMAL.exec(text);
  if (match === null) throw new RangeError(`not a decimal: ${JSON.stringify(text)}`);
  const digits = match[3] ? `${match[2]}.${match[3]}` : match[2]!;
  return digits === '0' ? '0' : `${match[1]}${digits}`;
}

/** A decimal in canonical text form, as all messages carry it. */
export const quantity = z.string().max(40).regex(CANONICAL, 'Must be a decimal in canonical form, e.g. "12" or "2.5"');

/** A quantity as senders write it: not negative, at most 12 digits before and 6 after the point; read into canonical form. */
export const quantityInput = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,6})?$/, 'Must be a decimal text that is not negative, e.g. "1" or "2.5"')
  .transform(toQuantity);
