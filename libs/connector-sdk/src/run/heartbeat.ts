import type { Logger } from '@trueup/service';
import { LEASE_MS, type Ledger } from '../ledger/ledger.js';

const BEAT_MS = 1_000;
const MARGIN_MS = 1_500;

/** Says every second that this replica lives, and knows whether others still believe it. */
export class Heartbeat {
  #beatAtMs = Number.NEGATIVE_INFINITY;
  #unbrokenSinceMs = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(
    private readonly ledger: Pick<Ledger, 'heartbeat'>,
    private readonly owner: string,
    private readonly logger: Pick<Logger, 'warn'>,
  ) {}

  /**
   * Whether no other replica can have taken over an account whose lease was proved at `sinceMs` of performance.now(). A process that was
   * frozen learns it here, before it writes, even if it has said meanwhile that it lives again.
   */
  isAlive(sinceMs: number): boolean {
    return this.#unbrokenSinceMs <= sinceMs && performance.now() - this.#beatAtMs < LEASE_MS - MARGIN_MS;
  }

  async start(): Promise<void> {
    const beganAtMs = performance.now();
    try {
      await this.ledger.heartbeat(this.owner);
      const isBroken = performance.now() - this.#beatAtMs >= LEASE_MS;
      if (isBroken) this.#unbrokenSinceMs = performance.now();
      this.#beatAtMs = beganAtMs;
    } catch (error) {
      this.logger.warn({ err: error }, 'the heartbeat failed, nothing is written until it succeeds'); // tried again in a second
    }
    if (!this.#isStopped) this.#timer = setTimeout(() => void this.start(), BEAT_MS);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }
}
