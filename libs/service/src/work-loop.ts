import type { Logger } from 'pino';
import type { ServiceHealth } from './service-health.js';
import { WakeableRest } from './wakeable-rest.js';

/**
 * What a pass came to. `busy`: there may be more, go on at once; `soon`: something waits for somebody else's work, look again shortly;
 * `idle`: nothing to do until woken; `failed`: something is left that failed, as after a throw.
 */
export type PassResult = 'busy' | 'soon' | 'idle' | 'failed';

export interface WorkLoopOptions {
  /** What the loop does, for logs and health. */
  name: string;
  /** One pass; may throw. A pass that lasts long calls `moving` as it gets on: silence is what makes a loop stuck. */
  pass(moving: () => void): Promise<PassResult>;
  logger: Pick<Logger, 'warn'>;
  /** Rest after an idle pass when nobody wakes the loop. Default 3,000: the price of a wake-up that got lost. */
  restMs?: number;
  /** Silence of a pass under way after which the loop counts as stuck. Default 120,000, twice what a statement may last. */
  patienceMs?: number;
}

const REST_MS = 3_000;
const PATIENCE_MS = 120_000;
const SOON_MS = 250;
const LONGEST_BACKOFF_MS = 5_000;
const FAILURES_SAID = 3;

/** Does its pass whenever woken, now and then by itself, and more seldom while it fails; until stopped. */
export class WorkLoop {
  readonly name: string;
  private readonly sleeper = new WakeableRest();
  private readonly running: Promise<void>;
  private isStopped = false;
  private failures = 0;
  private passBeganMs: number | null = null;

  constructor(private readonly options: WorkLoopOptions) {
    this.name = options.name;
    this.running = this.run();
  }

  /** There may be work: pass at once, or once more after the pass under way. */
  wake(): void {
    this.sleeper.wake();
  }

  /** Finishes the pass under way. */
  stop(): Promise<void> {
    this.isStopped = true;
    this.wake();
    return this.running;
  }

  /** Why the process is not alive: a pass that gives no sign any more. Null while all is well; a pass that fails is well in this sense. */
  stuck(): string | null {
    const silentMs = this.passBeganMs === null ? 0 : performance.now() - this.passBeganMs;
    if (silentMs <= (this.options.patienceMs ?? PATIENCE_MS)) return null;
    return `the loop ${this.name} has not moved for ${Math.round(silentMs / 1_000)} s`;
  }

  /** Why the loop gets nothing done although it moves, or null. */
  failing(): string | null {
    return this.failures < FAILURES_SAID ? null : `the last ${this.failures} passes of the loop ${this.name} failed`;
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      const result = await this.pass();
      this.failures = result === 'failed' ? this.failures + 1 : 0;
      if (result !== 'busy' && !this.isStopped) await this.sleeper.rest(this.restAfter(result));
    }
  }

  private async pass(): Promise<PassResult> {
    const moving = (): void => void (this.passBeganMs = performance.now());
    moving();
    try {
      return await this.options.pass(moving);
    } catch (error) {
      this.options.logger.warn({ err: error, loop: this.name }, 'a pass failed, tried again later');
      return 'failed';
    } finally {
      this.passBeganMs = null;
    }
  }

  private restAfter(result: Exclude<PassResult, 'busy'>): number {
    if (result === 'idle') return this.options.restMs ?? REST_MS;
    return Math.min(SOON_MS * 2 ** this.failures, LONGEST_BACKOFF_MS);
  }
}

/** Reports loops: one that is stuck ends the life of the process, one that keeps failing its readiness. */
export function watchLoops(health: ServiceHealth, loops: readonly WorkLoop[]): void {
  const first = (problems: (string | null)[]): string | null => problems.find((problem) => problem !== null) ?? null;
  health.live('loops', () => first(loops.map((loop) => loop.stuck())));
  health.ready('loops', () => first(loops.map((loop) => loop.failing())));
}
