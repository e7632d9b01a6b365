import { WINDOW_SLOTS, type Budget, type RateLimit } from './budget.js';

export interface LocalBudgetOptions {
  limits: readonly RateLimit[];
  concurrency: number;
  /** The share of each limit that this process may spend when it cannot ask the others; 1 = all. */
  share: number;
  /** Milliseconds of a clock that only goes forward. */
  nowMs: () => number;
}

/** The budget of one process by itself: without Redis, or while Redis is away. */
export class LocalBudget implements Budget {
  readonly #spent = new Map<string, Map<number, number>>();
  readonly #pausedUntil = new Map<string, number>();
  readonly #inside = new Map<string, number>();

  constructor(private readonly options: LocalBudgetOptions) {}

  async take(connectionId: string): Promise<number> {
    const now = this.options.nowMs();
    const paused = (this.#pausedUntil.get(connectionId) ?? 0) - now;
    const waits = [paused, ...this.options.limits.map((limit) => this.#waitFor(connectionId, limit, now))];
    const waitMs = Math.max(0, ...waits);
    if (waitMs > 0) return Math.ceil(waitMs);
    this.spend(connectionId);
    return 0;
  }

  async left(connectionId: string): Promise<RateLimit[]> {
    const now = this.options.nowMs();
    return this.options.limits.map((limit) => {
      const left = this.#most(limit) - this.#spentOf(connectionId, limit, now);
      return { perMs: limit.perMs, calls: Math.max(0, left) };
    });
  }

  /** Counts a call that was granted elsewhere, so that this process knows what it has spent when it is alone. */
  spend(connectionId: string): void {
    const now = this.options.nowMs();
    for (const limit of this.options.limits) this.#spend(connectionId, limit, now);
  }

  async pause(connectionId: string, ms: number): Promise<void> {
    const until = this.options.nowMs() + ms;
    this.#pausedUntil.set(connectionId, Math.max(until, this.#pausedUntil.get(connectionId) ?? 0));
  }

  /** `most`: places of the endpoint; default this process's share of them, at least one. */
  async enter(
    connectionId: string,
    endpoint: string,
    _holdMs?: number,
    most = Math.max(1, Math.floor(this.options.concurrency * this.options.share)),
  ): Promise<(() => Promise<void>) | undefined> {
    const key = `${connectionId} ${endpoint}`;
    const inside = this.#inside.get(key) ?? 0;
    if (inside >= most) return undefined;
    this.#inside.set(key, inside + 1);
    return async () => {
      const left = (this.#inside.get(key) ?? 1) - 1;
      if (left > 0) this.#inside.set(key, left);
      else this.#inside.delete(key);
    };
  }

  #waitFor(connectionId: string, limit: RateLimit, now: number): number {
    const spent = this.#spentOf(connectionId, limit, now);
    if (spent < this.#most(limit)) return 0;
    const slots = this.#slots(connectionId, limit);
    return ((Math.min(...slots.keys()) + WINDOW_SLOTS + 1) * limit.perMs) / WINDOW_SLOTS - now;
  }

  #most(limit: RateLimit): number {
    return Math.max(1, Math.floor(limit.calls * this.options.share));
  }

  #spentOf(connectionId: string, limit: RateLimit, now: number): number {
    const slots = this.#slots(connectionId, limit);
    const slotMs = limit.perMs / WINDOW_SLOTS;
    // One slot more than the window: a call at a slot's end must stay for the whole window too.
    const oldestKept = Math.floor(now / slotMs) - WINDOW_SLOTS;
    for (const slot of slots.keys()) if (slot < oldestKept) slots.delete(slot);
    return [...slots.values()].reduce((sum, calls) => sum + calls, 0);
  }

  #spend(connectionId: string, limit: RateLimit, now: number): void {
    const slots = this.#slots(connectionId, limit);
    const slot = Math.floor(now / (limit.perMs / WINDOW_SLOTS));
    slots.set(slot, (slots.get(slot) ?? 0) + 1);
  }

  #slots(connectionId: string, limit: RateLimit): Map<number, number> {
    const key = `${connectionId} ${limit.perMs}`;
    const slots = this.#spent.get(key) ?? new Map<number, number>();
    this.#spent.set(key, slots);
    return slots;
  }
}
