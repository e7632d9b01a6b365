const HOUR_MS = 3_600_000;

interface EndpointCalls {
  calls: number;
  running: number;
  highestConcurrency: number;
}

/** Counts calls per endpoint and hour window, and how many ran at once. */
export class CallStats {
  readonly #endpoints = new Map<string, EndpointCalls>();
  readonly #windows = new Map<string, Map<string, number>>();
  #recent: number[] = [];
  #refusedWrites = 0;
  #total = 0;

  begin(endpoint: string, now: Date): void {
    const entry = this.#endpoint(endpoint);
    entry.calls += 1;
    entry.running += 1;
    entry.highestConcurrency = Math.max(entry.highestConcurrency, entry.running);
    this.#total += 1;
    this.#recent.push(now.getTime());
    this.#countInWindow(endpoint, now);
  }

  end(endpoint: string): void {
    this.#endpoint(endpoint).running -= 1;
  }

  refusedWrite(): void {
    this.#refusedWrites += 1;
  }

  /** Calls of the rolling 60 minutes before `now`. */
  callsInLastHour(now: Date): number {
    const oldest = now.getTime() - HOUR_MS;
    this.#recent = this.#recent.filter((instant) => instant > oldest);
    return this.#recent.length;
  }

  report(now: Date): object {
    const endpoints = [...this.#endpoints].map(([endpoint, { calls, highestConcurrency }]) => {
      return [endpoint, { calls, highestConcurrency }] as const;
    });
    return {
      total: this.#total,
      refusedWrites: this.#refusedWrites,
      callsInLastHour: this.callsInLastHour(now),
      endpoints: Object.fromEntries(endpoints),
      windows: [...this.#windows].map(([from, counts]) => windowReport(from, counts)),
    };
  }

  #endpoint(endpoint: string): EndpointCalls {
    const entry = this.#endpoints.get(endpoint) ?? { calls: 0, running: 0, highestConcurrency: 0 };
    this.#endpoints.set(endpoint, entry);
    return entry;
  }

  #countInWindow(endpoint: string, now: Date): void {
    const from = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS).toISOString();
    const window = this.#windows.get(from) ?? new Map<string, number>();
    window.set(endpoint, (window.get(endpoint) ?? 0) + 1);
    this.#windows.set(from, window);
  }
}

function windowReport(from: string, counts: Map<string, number>): object {
  const calls = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return { from, calls, endpoints: Object.fromEntries(counts) };
}
