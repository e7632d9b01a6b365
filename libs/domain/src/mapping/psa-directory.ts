import type { PsaEntry } from '@trueup/contracts';
import { pairsOf, similarityOf } from './name-similarity.js';
import { normalisedName } from './normalised-name.js';

/** How an entry was found to look like what is asked for; the first is the strongest. */
export type MatchReason = 'same-identifier' | 'same-name' | 'similar-name';

export interface Candidate {
  ref: string;
  name: string;
  /** 0 to 1, for people to sort by; a same name is below a same identifier, a similar one below both. */
  score: number;
  reason: MatchReason;
}

/** What a person wants mapped: its code, and the names it goes by. */
export interface Wanted {
  key: string;
  names: readonly string[];
}

const SCORE_OF_IDENTIFIER = 1;
const SCORE_OF_NAME = 0.95;
const HIGHEST_OF_SIMILAR = 0.9;
const LEAST_SIMILARITY = 0.55;
const MOST_SIMILAR = 20;

/** The accounts or products of a PSA, to be asked for what looks like a code and its names. */
export class PsaDirectory {
  readonly #identifiers = new Map<string, Set<number>>();
  readonly #names = new Map<string, Set<number>>();
  readonly #pairs = new Map<string, number[]>();
  readonly #pairCounts: number[] = [];
  /** Pairs that each entry shares with the name that is looked for; zero in between. */
  readonly #shared: Uint16Array;

  constructor(private readonly entries: readonly PsaEntry[]) {
    this.#shared = new Uint16Array(entries.length);
    entries.forEach((entry, i) => this.#add(entry, i));
  }

  /** Every entry that looks like it, the best first, equals by reference: the order of the lists does not matter. */
  candidatesFor({ key, names }: Wanted): Candidate[] {
    const found = new Map<number, Candidate>();
    const note = (i: number, score: number, reason: MatchReason): void => {
      const { ref, name } = this.entries[i]!;
      if ((found.get(i)?.score ?? 0) < score) found.set(i, { ref, name, score, reason });
    };
    for (const i of this.#identifiers.get(folded(key)) ?? []) note(i, SCORE_OF_IDENTIFIER, 'same-identifier');
    for (const name of new Set(names.map(normalisedName))) {
      for (const i of this.#names.get(name) ?? []) note(i, SCORE_OF_NAME, 'same-name');
      for (const [i, score] of this.#similar(name)) note(i, score * HIGHEST_OF_SIMILAR, 'similar-name');
    }
    return [...found.values()].sort((a, b) => b.score - a.score || compareTexts(a.ref, b.ref) || compareTexts(a.name, b.name));
  }

  #add({ ref, name, identifiers = [] }: PsaEntry, i: number): void {
    for (const identifier of [ref, ...identifiers].map(folded)) if (identifier !== '') addTo(this.#identifiers, identifier, i);
    const normalised = normalisedName(name);
    if (normalised !== '') addTo(this.#names, normalised, i);
    const pairs = normalised === '' ? new Set<string>() : pairsOf(normalised);
    this.#pairCounts.push(pairs.size);
    for (const pair of pairs) {
      const postings = this.#pairs.get(pair);
      if (postings === undefined) this.#pairs.set(pair, [i]);
      else postings.push(i);
    }
  }

  /** Entries that share enough pairs with the name. Ten thousand names against a thousand are a second's work, so counters are reused. */
  #similar(name: string): [number, number][] {
    if (name === '') return [];
    const pairs = pairsOf(name);
    const touched = this.#countShared(pairs);
    const similar: [number, number][] = [];
    for (const i of touched) {
      const similarity = similarityOf(this.#shared[i]!, pairs.size, this.#pairCounts[i]!);
      this.#shared[i] = 0;
      if (similarity >= LEAST_SIMILARITY) similar.push([i, similarity]);
    }
    return bestOf(similar);
  }

  #countShared(pairs: ReadonlySet<string>): number[] {
    const touched: number[] = [];
    for (const pair of pairs) {
      for (const i of this.#pairs.get(pair) ?? []) {
        if (this.#shared[i] === 0) touched.push(i);
        this.#shared[i]! += 1;
      }
    }
    return touched;
  }
}

/** The most similar ones, and all that equal the last of them: which are kept does not depend on the order of the list. */
function bestOf(similar: readonly [number, number][]): [number, number][] {
  if (similar.length <= MOST_SIMILAR) return [...similar];
  const least = similar.map(([, similarity]) => similarity).sort((a, b) => b - a)[MOST_SIMILAR - 1]!;
  return similar.filter(([, similarity]) => similarity >= least);
}

function addTo(map: Map<string, Set<number>>, key: string, value: number): void {
  const held = map.get(key);
  if (held === undefined) map.set(key, new Set([value]));
  else held.add(value);
}

function folded(identifier: string): string {
  return identifier.normalize('NFKC').trim().toLowerCase();
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
