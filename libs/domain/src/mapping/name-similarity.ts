/** Pairs of neighbouring characters of a text, each once; its ends count as characters, so that short texts have pairs too. */
export function pairsOf(text: string): ReadonlySet<string> {
  const characters = [...` ${text} `];
  return new Set(characters.slice(1).map((character, i) => characters[i]! + character));
}

/** Sørensen-Dice: twice the shared pairs by all pairs. 0 = nothing in common, 1 = the same pairs. */
export function similarityOf(shared: number, pairs: number, otherPairs: number): number {
  return pairs + otherPairs === 0 ? 0 : (2 * shared) / (pairs + otherPairs);
}
