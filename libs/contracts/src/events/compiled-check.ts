import { z } from 'zod';

/** Whether a schema takes a value as it is. Never says yes where the schema says no, or would read the value into another form. */
export type Check = (value: unknown) => boolean;

/** Checks of an object's members by name, and which of them must be there. */
export interface MemberChecks {
  checks: ReadonlyMap<string, Check>;
  required: readonly string[];
}

const PLAIN_TEXT = /^[\x20-\x7e]*$/;

/** Compiles the members of an object schema. Zod builds results and issues for every text; a yes needs neither. */
export function compileMembers(shape: Readonly<Record<string, z.core.$ZodType>>): MemberChecks {
  const members = Object.entries(shape) as [string, z.ZodType][];
  return {
    checks: new Map(members.map(([name, schema]) => [name, compile(schema)])),
    required: members.filter(([, schema]) => !(schema instanceof z.ZodOptional)).map(([name]) => name),
  };
}

/** Whether a plain object has all required members, and each one's check says yes. */
export function holdsAll({ checks, required }: MemberChecks, value: Readonly<Record<string, unknown>>): boolean {
  for (const name in value) {
    const check = checks.get(name);
    if (check === undefined || !check(value[name])) return false;
  }
  return hasAll(required, value);
}

/** Whether none of the names is absent. */
export function hasAll(required: readonly string[], value: Readonly<Record<string, unknown>>): boolean {
  for (const name of required) if (!Object.hasOwn(value, name)) return false;
  return true;
}

function compile(schema: z.ZodType): Check {
  if (schema instanceof z.ZodOptional) return compile(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodEnum) return oneOf(schema.options);
  if (schema instanceof z.ZodLiteral) return oneOf([...schema.values]);
  const inFull: Check = (value) => {
    const read = schema.safeParse(value);
    return read.success && read.data === value;
  };
  const { minLength, maxLength } = schema.meta() ?? {};
  const isPrintableText = typeof minLength === 'number' && typeof maxLength === 'number';
  return isPrintableText ? textOf(minLength, maxLength, inFull) : inFull;
}

function oneOf(values: readonly unknown[]): Check {
  const known = new Set(values);
  return (value) => known.has(value);
}

/** Printable ASCII of the right length is what nearly all texts are; the rest is left to the schema. */
function textOf(min: number, max: number, inFull: Check): Check {
  return (value) =>
    (typeof value === 'string' && value.length >= min && value.length <= max && PLAIN_TEXT.test(value)) || inFull(value);
}
