import type { PsaEntry } from '@trueup/contracts';
import { PsaDirectory, type Candidate, type Wanted } from './psa-directory.js';

/** Why nothing is suggested though something looks alike. */
export type Doubt = 'several-alike' | 'wanted-twice' | 'mapped-already' | 'too-different';

/** What looks like one code: at most one suggestion, and what a person may choose from. */
export interface Suggestion {
  key: string;
  suggestion: Candidate | null;
  doubt?: Doubt;
  /** The best first. */
  candidates: Candidate[];
}

const LEAST_SCORE = 0.75;
const MOST_CANDIDATES = 5;

/**
 * For every wanted code the entry of the PSA that looks like it. Nothing is guessed: where two entries look equally like a code, or two codes
 * equally like an entry, or the reference is another one's already (`taken`) or stands for several entries, a person chooses.
 */
export function suggestionsFor(
  wanted: readonly Wanted[],
  entries: readonly PsaEntry[],
  taken: ReadonlySet<string> = new Set(),
): Suggestion[] {
  const directory = new PsaDirectory(entries);
  const repeated = repeatedRefs(entries);
  const alone = wanted.map((each) => judged(each.key, directory.candidatesFor(each), taken, repeated));
  return withoutContested(alone);
}

function judged(
  key: string,
  candidates: readonly Candidate[],
  taken: ReadonlySet<string>,
  repeated: ReadonlySet<string>,
): Suggestion {
  const shown = candidates.slice(0, MOST_CANDIDATES);
  const [first, second] = candidates;
  if (first === undefined) return { key, suggestion: null, candidates: shown };
  const doubt = doubtOf(first, second, taken, repeated);
  return { key, suggestion: doubt === undefined ? first : null, ...(doubt !== undefined && { doubt }), candidates: shown };
}

function doubtOf(
  first: Candidate,
  second: Candidate | undefined,
  taken: ReadonlySet<string>,
  repeated: ReadonlySet<string>,
): Doubt | undefined {
  if (first.score < LEAST_SCORE) return 'too-different';
  if (second?.score === first.score || repeated.has(first.ref)) return 'several-alike';
  return taken.has(first.ref) ? 'mapped-already' : undefined;
}

function repeatedRefs(entries: readonly PsaEntry[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { ref } of entries) (seen.has(ref) ? repeated : seen).add(ref);
  return repeated;
}

/** An entry goes to the code that looks most like it; to nobody when two do. */
function withoutContested(alone: readonly Suggestion[]): Suggestion[] {
  const claims = Map.groupBy(alone, (each) => each.suggestion?.ref);
  const isKept = ({ suggestion }: Suggestion): boolean => {
    const others = claims.get(suggestion?.ref)!;
    const best = Math.max(...others.map((each) => each.suggestion?.score ?? 0));
    return suggestion?.score === best && others.filter((each) => each.suggestion?.score === best).length === 1;
  };
  return alone.map((each) =>
    each.suggestion === null || isKept(each) ? each : { ...each, suggestion: null, doubt: 'wanted-twice' as const },
  );
}
