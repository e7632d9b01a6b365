import type { Document, DocumentOperation, JsonSchema } from './document-operations.js';

/** A place in a body that takes one value, as the document describes it. */
export interface SchemaPlace {
  /** Member names; `0` stands for the element of a list, `x` for a member that the caller names. */
  path: readonly string[];
  /** What may stand there, one of them. */
  schemas: readonly JsonSchema[];
}

interface Leaf {
  path: readonly string[];
  schema: JsonSchema;
}

/** Every place of an operation's JSON body that a single value stands at, as its schema tells: a new member is one more. */
export function placesOf(document: Document, { requestBody }: DocumentOperation): SchemaPlace[] {
  const schema = requestBody?.content['application/json']?.schema;
  const leaves = schema === undefined ? [] : walk(document, schema, []);
  return [...Map.groupBy(leaves, ({ path }) => path.join('/')).values()].map((same) => ({
    path: same[0]!.path,
    schemas: same.map((leaf) => leaf.schema),
  }));
}

function walk(document: Document, given: JsonSchema, path: readonly string[]): Leaf[] {
  const schema = resolved(document, given);
  const branches = ['anyOf', 'oneOf', 'allOf'].flatMap((word) => (schema[word] ?? []) as JsonSchema[]);
  if (branches.length > 0) return branches.flatMap((branch) => walk(document, branch, path));
  const inside = [
    ...Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>),
    ...(schema['items'] ? [['0', schema['items'] as JsonSchema] as const] : []),
    ...(typeof schema['additionalProperties'] === 'object' ? [['x', schema['additionalProperties'] as JsonSchema] as const] : []),
  ];
  if (inside.length > 0) return inside.flatMap(([name, member]) => walk(document, member, [...path, name]));
  return path.length === 0 ? [] : [{ path, schema }];
}

function resolved(document: Document, schema: JsonSchema): JsonSchema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : resolved(document, document.components.schemas[name] ?? {});
}

/** A copy of the body with `value` at the place; what leads there and is missing is made. */
export function withValueAt(body: unknown, path: readonly string[], value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (name === '0') {
    const [first, ...others] = Array.isArray(body) ? (body as unknown[]) : [];
    return [withValueAt(first, rest, value), ...others];
  }
  const members = typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {};
  return { ...members, [name]: withValueAt((members as Record<string, unknown>)[name], rest, value) };
}
