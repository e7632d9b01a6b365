import type { Logger } from '@trueup/service';

export interface PollLoopOptions {
  name: string;
  /** One pass; returns how much it did. The next pass follows at once while there is something to do. */
  pass: () => Promise<number>;
  pollMs: number;
  logger: Logger;
}

const LONGEST_REST_MS = 5_000;
const PATIENCE_MS = 120_000;

/** Repeats a pass until stopped. A pass that fails is logged and tried again after a growing rest. */
export class PollLoop {
  private readonly loop: Promise<void>;
  private isStopped = false;
  private failures = 0;
  private lastPassMs = performance.now();
  private isWoken = false;
  private wakeUp: () => void = () => {};

  readonly name: string;

  constructor(private readonly options: PollLoopOptions) {
    this.name = options.name;
    this.loop = this.run();
  }

  /** Begins the next pass without waiting. */
  wake(): void {
    this.isWoken = true;
    this.wakeUp();
  }

  /** Null while the loop moves, else what is wrong with it. */
  problem(): string | null {
    const silentMs = performance.now() - this.lastPassMs;
    return silentMs > PATIENCE_MS ? `the loop ${this.options.name} has not moved for ${Math.round(silentMs / 1000)} s` : null;
  }

  /** Finishes the pass under way. */
  stop(): Promise<void> {
    this.isStopped = true;
    this.wake();
    return this.loop;
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      this.isWoken = false;
      const done = await this.tryPass();
      this.lastPassMs = performance.now();
      if (done === 0 && !this.isStopped && !this.isWoken) await this.rest();
    }
  }

  private async tryPass(): Promise<number> {
    try {
      const done = await this.options.pass();
      this.failures = 0;
      return done;
    } catch (error) {
      this.failures += 1;
      this.options.logger.warn({ err: error, loop: this.options.name }, 'pass failed, tried again later');
      return 0;
    }
  }

  private rest(): Promise<void> {
    const restMs = Math.min(this.options.pollMs * 2 ** this.failures, LONGEST_REST_MS);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, restMs);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
