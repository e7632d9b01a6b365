interface Counts {
  calls: number;
  running: number;
  highestConcurrency: number;
}

/** Counts calls by a key, and how many of one key ran at once. */
export class RunningCalls {
  readonly #byKey = new Map<string, Counts>();

  begin(key: string): void {
    const counts = this.#byKey.get(key) ?? { calls: 0, running: 0, highestConcurrency: 0 };
    counts.calls += 1;
    counts.running += 1;
    counts.highestConcurrency = Math.max(counts.highestConcurrency, counts.running);
    this.#byKey.set(key, counts);
  }

  end(key: string): void {
    const counts = this.#byKey.get(key);
    if (counts) counts.running -= 1;
  }

  running(key: string): number {
    return this.#byKey.get(key)?.running ?? 0;
  }

  /** Forgets what is over; calls that still run keep their place. */
  clear(): void {
    for (const [key, counts] of this.#byKey) {
      if (counts.running === 0) this.#byKey.delete(key);
      else Object.assign(counts, { calls: counts.running, highestConcurrency: counts.running });
    }
  }

  report(): Record<string, { calls: number; highestConcurrency: number }> {
    const entries = [...this.#byKey].map(([key, { calls, highestConcurrency }]) => [key, { calls, highestConcurrency }] as const);
    return Object.fromEntries(entries);
  }
}
