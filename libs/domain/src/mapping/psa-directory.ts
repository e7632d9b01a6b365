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
const LEAST_SIMILARITY = 0.5;

/** The accounts or products of a PSA, to be asked for what looks like a code and its names. */
export class PsaDirectory {
  readonly #identifiers = new Map<string, Set<number>>();
  readonly #names = new Map<string, Set<number>>();
  readonly #pairs = new Map<string, number[]>();
  readonly #pairCounts: number[] = [];

  constructor(private readonly entries: readonly PsaEntry[]) {
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

  /** Only entries that share a pair are looked at: thousands of names against thousands stay a second's work. */
  *#similar(name: string): Iterable<[number, number]> {
    if (name === '') return;
    const pairs = pairsOf(name);
    const shared = new Map<number, number>();
    for (const pair of pairs) for (const i of this.#pairs.get(pair) ?? []) shared.set(i, (shared.get(i) ?? 0) + 1);
    for (const [i, count] of shared) {
      const similarity = similarityOf(count, pairs.size, this.#pairCounts[i]!);
      if (similarity >= LEAST_SIMILARITY) yield [i, similarity];
    }
  }
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
