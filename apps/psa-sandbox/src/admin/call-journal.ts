/** One call as it came and went; times are those of the sandbox's clock. */
export interface JournalEntry {
  readonly seq: number;
  readonly at: string;
  readonly endedAt: string;
  readonly method: string;
  readonly path: string;
  readonly isWrite: boolean;
  /** Who called, e.g. an API user with a fingerprint of the secret; null = nobody signed in. */
  readonly caller: string | null;
  /** The status that was sent; null = the caller got no whole answer. */
  readonly status: number | null;
  /** What the answer told of waiting, as sent. */
  readonly retryAfter: string | null;
  /** Kinds of the faults that hit the call. */
  readonly faults: readonly string[];
}

const MOST_KEPT = 20_000;

/** The newest calls, in order of their end, so that a test sees when which caller asked what. Memory only. */
export class CallJournal {
  #entries: JournalEntry[] = [];
  #lastSeq = 0;

  get lastSeq(): number {
    return this.#lastSeq;
  }

  add(entry: Omit<JournalEntry, 'seq'>): void {
    this.#lastSeq += 1;
    this.#entries.push({ seq: this.#lastSeq, ...entry });
    // Cut in lumps: a shift per call would move the whole list each time.
    if (this.#entries.length > MOST_KEPT * 2) this.#entries = this.#entries.slice(-MOST_KEPT);
  }

  /** Calls with a number above `seq`, as far as they are kept. */
  since(seq: number): readonly JournalEntry[] {
    return this.#entries.filter((entry) => entry.seq > seq);
  }
}
