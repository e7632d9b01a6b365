import { readFileSync } from 'node:fs';
import { eventAttributes, fieldErrorsOf } from '@trueup/contracts';
import { z } from 'zod';
import { lineOfError } from '../connect/refusal.js';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { isTimeZone } from './zone-offset.js';

const attributes = new Set([...Object.keys(eventAttributes.shape), 'type']);
const field = z
  .string()
  .refine(
    (name) => attributes.has(name) || /^data\.[a-z][A-Za-z]{0,63}$/.test(name),
    'Must be an attribute of an event (subject, time, type, actorid…) or data.<member>',
  );

/** How the rows of a CSV file become events. */
export const mappingProfile = z.strictObject({
  /** One character between cells. */
  delimiter: z
    .string()
    .regex(/^[\x20-\x7e\t]$/, 'Must be one ASCII character')
    .refine((text) => text !== '"', 'Must not be the quote')
    .default(','),
  /** Column title → the field, or fields, that its cells fill. Other columns are left alone. */
  columns: z.record(z.string().min(1), z.union([field, z.array(field).min(1)])),
  /** Field → the same text in every event; `source` must be among them unless a column fills it. */
  constants: z.record(field, z.union([z.string(), z.null()])).default({}),
  /** Field → cell text → what it means; a text that is not listed refuses the row. */
  values: z.record(field, z.record(z.string(), z.string())).default({}),
  /** Form of the cells that fill `time`. */
  time: z
    .strictObject({
      format: z.string().min(1).default('rfc3339'),
      timeZone: z.string().refine(isTimeZone, 'Must be an IANA time zone, e.g. Pacific/Auckland').default('UTC'),
    })
    .default({ format: 'rfc3339', timeZone: 'UTC' }),
});

export type MappingProfile = z.output<typeof mappingProfile>;

/** Reads a profile file; every fault is named with its pointer. */
export function readMappingProfile(path: string): MappingProfile {
  const parsed = mappingProfile.safeParse(jsonIn(path));
  if (parsed.success) return complete(parsed.data, path);
  throw new Failure(EXIT.usage, `The mapping profile ${path} has faults`, {
    details: fieldErrorsOf(parsed.error).map(lineOfError),
  });
}

function complete(profile: MappingProfile, path: string): MappingProfile {
  const filled = new Set([...Object.keys(profile.constants), ...Object.values(profile.columns).flat()]);
  const missing = ['source', 'subject', 'type', 'time'].filter((name) => !filled.has(name));
  if (missing.length === 0) return profile;
  throw new Failure(EXIT.usage, `The mapping profile ${path} fills neither by column nor constant: ${missing.join(', ')}`);
}

function jsonIn(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Failure(EXIT.usage, `The mapping profile ${path} cannot be read: ${(error as Error).message}`);
  }
}
