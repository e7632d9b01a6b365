import type { Document, JsonSchema } from './document-operations.js';

/** A schema with the document that its references point into. */
export interface Placed {
  schema: JsonSchema;
  document: Document;
}

/**
 * `taken`: requests, where everything that `narrow` allows must be allowed by `wide`. `given`: answers, where everything that `wide`
 * promises must be kept by `narrow`; new members and new values of a list are no fault there, clients ignore what they do not know.
 */
export type Direction = 'taken' | 'given';

/** Why something that fits `narrow` may not fit `wide`, with the place; recursion ends where the same two schemas meet again. */
export function schemaFaults(
  narrow: Placed,
  wide: Placed,
  direction: Direction,
  place: string,
  seen: ReadonlySet<string> = new Set(),
): string[] {
  const pair = `${narrow.schema.$ref ?? ''}>${wide.schema.$ref ?? ''}`;
  if (pair.length > 1 && narrow.schema.$ref && seen.has(pair)) return [];
  const inside = new Set([...seen, pair]);
  const branches = branchesOf(resolved(narrow));
  const targets = branchesOf(resolved(wide));
  return branches.flatMap((branch) => {
    const tried = targets.map((target) => branchFaults(branch, target, direction, { place, seen: inside }));
    return tried.some((faults) => faults.length === 0) ? [] : tried.reduce((a, b) => (b.length < a.length ? b : a));
  });
}

function resolved({ schema, document }: Placed): Placed {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? { schema, document } : resolved({ schema: document.components.schemas[name] ?? {}, document });
}

function branchesOf({ schema, document }: Placed): Placed[] {
  const union = (schema['anyOf'] ?? schema['oneOf']) as JsonSchema[] | undefined;
  if (union) return union.flatMap((branch) => branchesOf(resolved({ schema: branch, document })));
  const { type } = schema;
  return Array.isArray(type)
    ? type.map((one) => ({ schema: { ...schema, type: one as unknown }, document }))
    : [{ schema, document }];
}

interface Where {
  place: string;
  seen: ReadonlySet<string>;
}

function branchFaults(narrow: Placed, wide: Placed, direction: Direction, where: Where): string[] {
  const own = [...typeFaults(narrow.schema, wide.schema), ...boundFaults(narrow.schema, wide.schema)];
  if (direction === 'taken' || own.length === 0) own.push(...valueFaults(narrow.schema, wide.schema, direction));
  return [
    ...own.map((fault) => `${where.place} ${fault}`),
    ...memberFaults(narrow, wide, direction, where),
    ...itemFaults(narrow, wide, direction, where),
  ];
}

function typeFaults(narrow: JsonSchema, wide: JsonSchema): string[] {
  const [from, to] = [narrow['type'], wide['type']];
  const isNarrower = from === 'integer' && to === 'number';
  return to === undefined || from === to || isNarrower ? [] : [`is ${String(from)} in place of ${String(to)}`];
}

const valuesOf = (schema: JsonSchema) =>
  (schema['enum'] ?? (schema['const'] === undefined ? undefined : [schema['const']])) as unknown[] | undefined;

function valueFaults(narrow: JsonSchema, wide: JsonSchema, direction: Direction): string[] {
  const [from, to] = [valuesOf(narrow), valuesOf(wide)];
  if (!to || (direction === 'given' && from)) return [];
  if (!from) return direction === 'taken' ? ['takes only some values'] : [];
  const lost = from.filter((value) => !to.includes(value));
  return lost.map((value) => `does not take ${JSON.stringify(value)}`);
}

const most = ['maxLength', 'maxItems', 'maximum', 'exclusiveMaximum', 'maxProperties'];
const least = ['minLength', 'minItems', 'minimum', 'exclusiveMinimum', 'minProperties'];

function boundFaults(narrow: JsonSchema, wide: JsonSchema): string[] {
  const number = (schema: JsonSchema, keyword: string, otherwise: number) => (schema[keyword] as number | undefined) ?? otherwise;
  const tooHigh = most.filter((keyword) => number(narrow, keyword, Infinity) > number(wide, keyword, Infinity));
  const tooLow = least.filter((keyword) => number(narrow, keyword, -Infinity) < number(wide, keyword, -Infinity));
  const others = ['pattern', 'format'].filter((keyword) => wide[keyword] !== undefined && wide[keyword] !== narrow[keyword]);
  return [...tooHigh, ...tooLow, ...others].map((keyword) => `has another ${keyword}`);
}

const membersOf = (schema: JsonSchema) => (schema['properties'] ?? {}) as Record<string, JsonSchema>;

function memberFaults(narrow: Placed, wide: Placed, direction: Direction, { place, seen }: Where): string[] {
  const [from, to] = [membersOf(narrow.schema), membersOf(wide.schema)];
  const demanded = ((wide.schema['required'] ?? []) as string[]).filter(
    (name) => !((narrow.schema['required'] ?? []) as string[]).includes(name),
  );
  const isClosed = wide.schema['additionalProperties'] === false;
  const gone = direction === 'taken' ? (isClosed ? missing(from, to) : []) : missing(to, from);
  const shared = Object.keys(from).filter((name) => to[name] !== undefined);
  return [
    ...demanded.map((name) => `${place}/${name} ${direction === 'taken' ? 'is required now' : 'may be absent now'}`),
    ...gone.map((name) => `${place}/${name} removed`),
    ...shared.flatMap((name) =>
      schemaFaults(
        { schema: from[name]!, document: narrow.document },
        { schema: to[name]!, document: wide.document },
        direction,
        `${place}/${name}`,
        seen,
      ),
    ),
  ];
}

const missing = (from: object, to: object): string[] => Object.keys(from).filter((name) => !(name in to));

function itemFaults(narrow: Placed, wide: Placed, direction: Direction, { place, seen }: Where): string[] {
  const [from, to] = [narrow.schema['items'], wide.schema['items']] as (JsonSchema | undefined)[];
  if (!to) return [];
  return schemaFaults(
    { schema: from ?? {}, document: narrow.document },
    { schema: to, document: wide.document },
    direction,
    `${place}[]`,
    seen,
  );
}
