/**
 * Whether two values are the same JSON: members in any order, `undefined` members as if they were absent. What `canonicalJson` of both
 * would tell, without making two texts.
 */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && isSameList(a, b);
  return holdsAll(a, b) && countOf(a) === countOf(b);
}

type Members = Readonly<Record<string, unknown>>;

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((element, index) => isSameJson(element, b[index]));
}

function holdsAll(a: object, b: object): boolean {
  for (const name in a) if (!isSameJson((a as Members)[name], (b as Members)[name])) return false;
  return true;
}

function countOf(value: object): number {
  let count = 0;
  for (const name in value) if ((value as Members)[name] !== undefined) count += 1;
  return count;
}
