import { performance } from 'node:perf_hooks';
import type { RateCounter } from '@trueup/service/redis';
import { RateLimiterRes } from 'rate-limiter-flexible';

/** What is left of a key's budget; `resetSeconds` until it is whole again. */
export interface BudgetState {
  left: number;
  resetSeconds: number;
}

interface Lease {
  /** Points that we hold, and those that the counter had left when it was last asked. */
  held: number;
  behind: number;
  endsAtMs: number;
  asking: Promise<void> | null;
}

/** A lease is this share of the whole, so that the counter is asked a few hundred times per window and not per request. */
const LEASES_PER_WINDOW = 200;
const MOST_KEYS = 10_000;

/**
 * Points per key and window. They are taken from the counter in leases and spent here, because a round trip per request would cost
 * more than the request. Leases that a replica does not spend are lost at the window's end: at most 0.5 % of the budget each.
 */
export class EventBudget {
  private readonly leases = new Map<string, Lease>();
  private readonly step: number;

  constructor(private readonly counter: RateCounter) {
    this.step = Math.max(1, Math.floor(counter.points / LEASES_PER_WINDOW));
  }

  /** Whether the key has nothing left in this window, as far as is known here. */
  isSpent(key: string): boolean {
    const lease = this.leases.get(key);
    return lease !== undefined && lease.held + lease.behind <= 0 && lease.endsAtMs > performance.now();
  }

  /** Takes `points`, or nothing when fewer are left. */
  async take(key: string, points: number): Promise<boolean> {
    let lease = this.leaseOf(key);
    while (lease.held < points && lease.behind > 0) {
      await (lease.asking ??= this.ask(key, lease, points - lease.held));
      lease = this.leaseOf(key);
    }
    if (lease.held < points) return false;
    lease.held -= points;
    return true;
  }

  /** What is left, for the sender. */
  stateOf(key: string): BudgetState {
    const { held, behind, endsAtMs } = this.leaseOf(key);
    const left = Math.max(0, Math.min(this.counter.points, held + behind));
    return { left, resetSeconds: Math.max(1, Math.ceil((endsAtMs - performance.now()) / 1000)) };
  }

  private leaseOf(key: string): Lease {
    const known = this.leases.get(key);
    if (known && (known.endsAtMs > performance.now() || known.asking)) return known;
    if (this.leases.size >= MOST_KEYS) this.leases.clear();
    const endsAtMs = performance.now() + this.counter.duration * 1000;
    const fresh: Lease = { held: 0, behind: this.counter.points, endsAtMs, asking: null };
    this.leases.set(key, fresh);
    return fresh;
  }

  private async ask(key: string, lease: Lease, needed: number): Promise<void> {
    const wanted = Math.max(needed, this.step);
    try {
      const { granted, left, endsInMs } = await this.consume(key, wanted);
      lease.held += granted;
      lease.behind = left;
      lease.endsAtMs = performance.now() + endsInMs;
    } finally {
      lease.asking = null;
    }
  }

  private async consume(key: string, wanted: number): Promise<{ granted: number; left: number; endsInMs: number }> {
    try {
      const { remainingPoints, msBeforeNext } = await this.counter.consume(key, wanted);
      return { granted: wanted, left: remainingPoints, endsInMs: msBeforeNext };
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      // The counter counts what it refuses: what was left before is ours, and nothing remains for anybody.
      const before = this.counter.points - (refusal.consumedPoints - wanted);
      return { granted: Math.max(0, Math.min(wanted, before)), left: 0, endsInMs: refusal.msBeforeNext };
    }
  }
}
