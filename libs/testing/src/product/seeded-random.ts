/** Numbers in [0, 1) that one seed gives again and again; `salt` makes streams that do not disturb each other. */
export function seededRandom(seed: number, salt = ''): () => number {
  let state = seed >>> 0;
  for (const character of salt) state = mixed(state, character.codePointAt(0)!);
  // mulberry32: small, fast, and even in its low bits, which a plain congruential generator is not.
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number in [0, below). */
export const wholeBelow = (random: () => number, below: number): number => Math.floor(random() * below);

/** One of the values, each as likely as the next. */
export function oneOf<T>(random: () => number, values: readonly T[]): T {
  if (values.length === 0) throw new RangeError('there is nothing to choose from');
  return values[wholeBelow(random, values.length)]!;
}

/** The same values in an order of the stream's own. */
export function shuffled<T>(random: () => number, values: readonly T[]): T[] {
  const placed = values.map((value) => ({ value, at: random() }));
  return placed.sort((a, b) => a.at - b.at).map(({ value }) => value);
}

function mixed(state: number, value: number): number {
  return (Math.imul(state ^ value, 0x01000193) + 0x9e3779b9) >>> 0;
}
