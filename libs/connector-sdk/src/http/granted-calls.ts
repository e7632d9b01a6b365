import { WINDOW_SLOTS, type RateLimit } from './budget.js';

/**
 * What this process was granted in the windows of now, by slots of Redis' time: its share of what Redis counts, which it brings along so
 * that a Redis that was emptied counts on. Calls granted before Redis was first heard of are not among them.
 */
export class GrantedCalls {
  readonly #bySlot = new Map<string, Map<number, number>>();
  #aheadMs: number | undefined;

  constructor(
    private readonly limits: readonly RateLimit[],
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** Redis' time as it was told just now. */
  setTime(serverMs: number): void {
    this.#aheadMs = serverMs - this.nowMs();
  }

  /** Counts one granted call; `serverMs` is when Redis granted it, else it was granted here and now. */
  add(connectionId: string, serverMs?: number): void {
    const grantedMs = serverMs ?? (this.#aheadMs === undefined ? undefined : this.nowMs() + this.#aheadMs);
    if (grantedMs === undefined) return;
    for (const limit of this.limits) {
      const slot = Math.floor(grantedMs / (limit.perMs / WINDOW_SLOTS));
      const slots = this.#slotsOf(connectionId, limit);
      slots.set(slot, (slots.get(slot) ?? 0) + 1);
      for (const each of slots.keys()) if (each < slot - WINDOW_SLOTS) slots.delete(each);
    }
  }

  /** `slot=calls`, comma-separated. */
  textOf(connectionId: string, limit: RateLimit): string {
    return [...this.#slotsOf(connectionId, limit)].map((pair) => pair.join('=')).join(',');
  }

  #slotsOf(connectionId: string, { perMs }: RateLimit): Map<number, number> {
    const key = `${connectionId} ${perMs}`;
    const slots = this.#bySlot.get(key) ?? new Map<number, number>();
    this.#bySlot.set(key, slots);
    return slots;
  }
}
