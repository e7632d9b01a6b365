import { isUtf8 } from 'node:buffer';
import { type FieldError, findJsonFaults } from '@trueup/contracts';
import { ingestLimits } from '../ingest-limits.js';
import { hidesNothing } from './hides-nothing.js';
import { JsonMeasure } from './json-measure.js';

/** A parsed body: its value, and what is wrong with the text although it can be parsed. */
export interface ReadJson {
  value: unknown;
  faults: FieldError[];
}

/** Reads JSON in UTF-8; undefined when it is none. `room` is how many levels may stand above an event's own. */
export function readJson(body: Buffer, room = 0): ReadJson | undefined {
  const parsed = parseJson(body);
  if (parsed === undefined) return undefined;
  const { value } = parsed;
  const maxDepth = ingestLimits.maxDepth + room;
  const measure = new JsonMeasure(maxDepth);
  measure.add(value);
  const isSound = !measure.isTooDeep && hidesNothing(body, measure.quoted);
  return { value, faults: isSound ? [] : findJsonFaults(body.toString('utf8'), maxDepth) };
}

function parseJson(body: Buffer): { value: unknown } | undefined {
  if (!isUtf8(body)) return undefined;
  try {
    return { value: JSON.parse(body.toString('utf8')) as unknown };
  } catch {
    return undefined; // expected of foreign input: the caller answers 400
  }
}
