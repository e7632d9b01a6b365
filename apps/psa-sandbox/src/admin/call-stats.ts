import type { RefusalReason } from './psa-model.js';
import { RollingWindow } from './rolling-window.js';
import { RunningCalls } from './running-calls.js';

const HOUR_MS = 3_600_000;

/** Counts calls per endpoint, hour window and shared limit, and how many ran at once. */
export class CallStats {
  readonly #endpoints = new RunningCalls();
  readonly #threads = new RunningCalls();
  readonly #windows = new Map<string, Map<string, number>>();
  #arrived = new RollingWindow(HOUR_MS);
  #taken = new RollingWindow(HOUR_MS);
  #refused = { writes: 0, threads: 0, suspended: 0 };
  #total = 0;

  /** `thread` names what shares a limit of concurrent calls; undefined = no such limit. */
  begin(endpoint: string, thread: string | undefined, now: Date): void {
    this.#endpoints.begin(endpoint);
    if (thread !== undefined) this.#threads.begin(thread);
    this.#total += 1;
    this.#arrived.add(now);
    this.#countInWindow(endpoint, now);
  }

  end(endpoint: string, thread: string | undefined): void {
    this.#endpoints.end(endpoint);
    if (thread !== undefined) this.#threads.end(thread);
  }

  /** Calls of a thread that have not ended. */
  running(thread: string): number {
    return this.#threads.running(thread);
  }

  /** Counts a call towards the hourly limit. */
  taken(now: Date): void {
    this.#taken.add(now);
  }

  refused(reason: RefusalReason | 'writes'): void {
    this.#refused[reason] += 1;
  }

  /** Calls of the rolling 60 minutes before `now` that count towards the hourly limit. */
  callsInLastHour(now: Date): number {
    return this.#taken.count(now);
  }

  /** Begins to count anew, the hourly limit too. */
  clear(): void {
    this.#endpoints.clear();
    this.#threads.clear();
    this.#windows.clear();
    this.#arrived = new RollingWindow(HOUR_MS);
    this.#taken = new RollingWindow(HOUR_MS);
    this.#refused = { writes: 0, threads: 0, suspended: 0 };
    this.#total = 0;
  }

  report(now: Date): object {
    return {
      total: this.#total,
      refusedWrites: this.#refused.writes,
      refusedByThreads: this.#refused.threads,
      refusedBySuspension: this.#refused.suspended,
      callsInLastHour: this.callsInLastHour(now),
      highestCallsInHour: this.#arrived.highest,
      endpoints: this.#endpoints.report(),
      threads: this.#threads.report(),
      windows: [...this.#windows].map(([from, counts]) => windowReport(from, counts)),
    };
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
