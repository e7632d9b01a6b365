import { JsonMeasure } from './json-measure.js';

/** The most bytes that a code unit, and the marks around a member, can need. */
const BYTES_A_CHARACTER = 6;
const BYTES_A_PART = 32;

/** Whether a parsed value needs more than `maxBytes` as JSON. The size is taken only of what may be too large. */
export function isLargerThan(maxBytes: number, value: unknown): boolean {
  const measure = new JsonMeasure(Infinity);
  measure.add(value);
  const atMost = measure.characters * BYTES_A_CHARACTER + measure.parts * BYTES_A_PART;
  return atMost > maxBytes && Buffer.byteLength(JSON.stringify(value)) > maxBytes;
}
