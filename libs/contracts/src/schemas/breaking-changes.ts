/** A JSON Schema as zod writes it: no references. */
export interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  [keyword: string]: unknown;
}

/** Who relies on a document: those who write it, or those who read it as well. */
export type Reliance = 'written' | 'written-and-read';

const UPPER_BOUNDS = ['maxLength', 'maximum', 'exclusiveMaximum', 'maxItems', 'maxProperties'];
const LOWER_BOUNDS = ['minLength', 'minimum', 'exclusiveMinimum', 'minItems', 'minProperties'];
const SHAPES = ['pattern', 'format'];

/**
 * What the new schema breaks for programs made for the old one, each with its place. Whatever was valid must stay valid; where others
 * read the document, what was always there must stay there, in no new type.
 */
export function breakingChanges(before: Schema, after: Schema, reliance: Reliance, at = ''): string[] {
  if (before.anyOf) return brokenBranches(before.anyOf, after, reliance, at);
  return [
    ...brokenTypes(before, after, reliance, at),
    ...brokenValues(before, after, at),
    ...brokenBounds(before, after, at),
    ...brokenMembers(before, after, reliance, at),
    ...(before.items && after.items ? breakingChanges(before.items, after.items, reliance, `${at}/*`) : []),
  ];
}

function brokenBranches(branches: Schema[], after: Schema, reliance: Reliance, at: string): string[] {
  const offered = after.anyOf ?? [after];
  const isKept = (branch: Schema): boolean =>
    offered.some((candidate) => breakingChanges(branch, candidate, reliance).length === 0);
  const lost = branches.filter((branch) => !isKept(branch)).map(() => `${at}: a form that was valid is gone`);
  const isWidened = reliance === 'written-and-read' && offered.length > branches.length;
  return isWidened ? [...lost, `${at}: a form that old readers do not know`] : lost;
}

function brokenTypes(before: Schema, after: Schema, reliance: Reliance, at: string): string[] {
  if (after.anyOf) {
    const isOffered = after.anyOf.some((branch) => breakingChanges(before, branch, reliance).length === 0);
    return isOffered && reliance === 'written' ? [] : [`${at}: another type`];
  }
  const [old, now] = [typesOf(before), typesOf(after)];
  const isNarrowed = now.size > 0 && (old.size === 0 || [...old].some((type) => !now.has(type)));
  const isWidened =
    reliance === 'written-and-read' && old.size > 0 && (now.size === 0 || [...now].some((type) => !old.has(type)));
  return isNarrowed || isWidened ? [`${at}: another type`] : [];
}

function brokenValues(before: Schema, after: Schema, at: string): string[] {
  const [old, now] = [valuesOf(before), valuesOf(after)];
  if (now === null || after.anyOf) return [];
  return old === null || old.some((value) => !now.includes(value)) ? [`${at}: fewer values`] : [];
}

function brokenBounds(before: Schema, after: Schema, at: string): string[] {
  if (after.anyOf) return [];
  const tighter = (names: string[], sign: number): string[] =>
    names.filter(
      (name) => after[name] !== undefined && sign * Number(after[name]) < sign * Number(before[name] ?? sign * Infinity),
    );
  const reshaped = SHAPES.filter((name) => after[name] !== undefined && after[name] !== before[name]);
  return [...tighter(UPPER_BOUNDS, 1), ...tighter(LOWER_BOUNDS, -1), ...reshaped].map((name) => `${at}: ${name} is tighter`);
}

function brokenMembers(before: Schema, after: Schema, reliance: Reliance, at: string): string[] {
  if (after.anyOf) return [];
  const { properties: old = {}, required: wasRequired = [] } = before;
  const { properties: now = {}, required = [] } = after;
  const isClosed = before.additionalProperties !== false && after.additionalProperties === false;
  const isDropped = (name: string): boolean => reliance === 'written-and-read' && name in now && !required.includes(name);
  return [
    ...Object.keys(old).flatMap((name) =>
      now[name] ? breakingChanges(old[name]!, now[name], reliance, `${at}/${name}`) : [`${at}/${name}: is gone`],
    ),
    ...required.filter((name) => !wasRequired.includes(name)).map((name) => `${at}/${name}: is required now`),
    ...wasRequired.filter(isDropped).map((name) => `${at}/${name}: may be absent now`),
    ...(isClosed ? [`${at}: unknown members are refused now`] : []),
  ];
}

function typesOf({ type }: Schema): Set<string> {
  return new Set(type === undefined ? [] : [type].flat());
}

function valuesOf(schema: Schema): unknown[] | null {
  if (schema.const !== undefined) return [schema.const];
  return schema.enum ?? null;
}
