import { z } from 'zod';

// Control characters, lone surrogates and line separators cannot be printed, stored (NUL) or shown safely.
const PRINTABLE = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u;

/** Printable text of `min` to `max` characters (code points). */
export function printableText(max: number, min = 1) {
  return z
    .string()
    .refine((text) => text.length >= min, 'Required')
    .refine((text) => text.length <= max || [...text].length <= max, `Must have at most ${max} characters`)
    .refine((text) => PRINTABLE.test(text), 'Must hold printable characters only')
    .meta({ minLength: min, maxLength: max });
}

/** A code: opaque, case-sensitive, 1 to 64 printable characters. */
export const code = printableText(64);

/** A name: 1 to 256 printable characters. */
export const name = printableText(256);
