import { performance } from 'node:perf_hooks';

const cacheSize = 10_000;

interface Entry<T> {
  value: Promise<T | null>;
  readAtMs: number;
}

/** Remembers what was read for half a second: what was deleted must stop working everywhere within one. */
export class BriefCache<T> {
  readonly #entries = new Map<string, Entry<T>>();

  constructor(private readonly keptMs = 500) {}

  /** What `read` finds, or found a moment ago. */
  get(key: string, read: () => Promise<T | null>): Promise<T | null> {
    const known = this.#entries.get(key);
    if (known && performance.now() - known.readAtMs < this.keptMs) return known.value;
    if (this.#entries.size >= cacheSize) this.#entries.clear();
    // The age counts from before the read: what it finds may be deleted while the answer travels.
    const readAtMs = performance.now();
    const entry = { value: read(), readAtMs };
    this.#entries.set(key, entry);
    entry.value.then(
      (value) => value ?? this.#forget(key, entry),
      () => this.#forget(key, entry),
    );
    return entry.value;
  }

  /** Nothing found and failed reads are not remembered: the next request asks again. */
  #forget(key: string, entry: Entry<T>): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }
}
