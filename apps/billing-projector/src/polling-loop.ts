import { setTimeout as rest } from 'node:timers/promises';
import type { LinkLogger } from '@trueup/kafka';

/** `busy`: there may be more, go on at once; `idle`: nothing to do; `failed`: something is left that failed. */
export type PassResult = 'busy' | 'idle' | 'failed';

export interface PollingLoopOptions {
  /** What the loop does, for logs. */
  name: string;
  /** One pass; may throw. */
  pass(): Promise<PassResult>;
  logger: LinkLogger;
}

const POLL_MS = 250;
const LONGEST_BACKOFF_MS = 5_000;
const PATIENCE = 3;

/** Does its pass again and again until stopped, more seldom while it fails. */
export class PollingLoop {
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;
  private failures = 0;

  constructor(private readonly options: PollingLoopOptions) {
    this.running = this.run();
  }

  /** Finishes the pass under way. */
  stop(): Promise<void> {
    this.stopping.abort();
    return this.running;
  }

  /** Why the loop makes no progress, or null. */
  problem(): string | null {
    return this.failures < PATIENCE ? null : `${this.options.name}: the last ${this.failures} passes failed`;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const result = await this.pass();
      this.failures = result === 'failed' ? this.failures + 1 : 0;
      if (result !== 'busy') await this.rest(Math.min(POLL_MS * 2 ** this.failures, LONGEST_BACKOFF_MS));
    }
  }

  private async pass(): Promise<PassResult> {
    try {
      return await this.options.pass();
    } catch (error) {
      this.options.logger.warn({ err: error, loop: this.options.name }, 'a pass failed, tried again later');
      return 'failed';
    }
  }

  private async rest(ms: number): Promise<void> {
    await rest(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined); // stopping cuts a rest short, that is all
  }
}
