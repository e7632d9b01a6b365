/** The share of a list that is this seed's: `count` members, and with seeds in a row each member comes again and again. */
export function turnOf<T>(seed: number, list: readonly T[], count = 1): T[] {
  const first = (Math.max(0, seed - 1) * count) % list.length;
  return Array.from({ length: Math.min(count, list.length) }, (_, index) => list[(first + index) % list.length]!);
}
