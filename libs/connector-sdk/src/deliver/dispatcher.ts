import { deliverPass } from './deliver-pass.js';
import type { OpenConnections } from './open-connections.js';
import type { Workplace } from './workplace.js';

export interface DispatcherOptions {
  place: Workplace;
  connections: OpenConnections;
  owner: string;
  /** Passes of one connection at a time, so that a slow write does not hold up its other accounts. Default 2. */
  passesPerConnection?: number;
  /** How long the loop, and a pass, may go without a sign of life. Default a minute, and a quarter of an hour. */
  patience?: { roundMs: number; passMs: number };
  /** The longest rest between two looks for due work. Default 1,000. */
  restMs?: number;
}

const PASSES_PER_CONNECTION = 2;
const REST_MS = 1_000;
const SHORTEST_REST_MS = 10;
const REST_AFTER_ERROR_MS = 1_000;
// A write may wait for a place and then for its answer, five minutes each.
const PATIENCE = { roundMs: 60_000, passMs: 900_000 };

/** Starts a pass for every connection with due work; each connection by itself, so that a slow PSA delays nobody else. */
export class Dispatcher {
  readonly #running = new Map<string, number>();
  readonly #passes = new Set<Promise<void>>();
  readonly #signsMs = new Map<symbol, number>();
  #isStopped = false;
  #wake: () => void = () => undefined;
  #isWoken = false;
  #loop: Promise<void> | undefined;
  #lastRoundMs = performance.now();

  constructor(private readonly options: DispatcherOptions) {}

  start(): void {
    this.#loop = this.#run();
  }

  /** Something may be due: look at once. */
  wake(): void {
    this.#isWoken = true;
    this.#wake();
  }

  /** Passes under way. */
  get passes(): number {
    return this.#passes.size;
  }

  /** Why this process should be started again, or null: the loop does not come round, or a pass does not get on. */
  problemOfLife(): string | null {
    const { roundMs, passMs } = this.#patience;
    const now = performance.now();
    if (now - this.#lastRoundMs > roundMs) return 'the dispatcher does not come round';
    const isStuck = [...this.#signsMs.values()].some((signMs) => now - signMs > passMs);
    return isStuck ? 'a delivery does not get on' : null;
  }

  /** Starts nothing new and waits for the passes under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.wake();
    await this.#loop;
    await Promise.allSettled(this.#passes);
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      this.#lastRoundMs = performance.now();
      await this.#rest(await this.#round());
    }
  }

  /** Starts what is due; answers how long to rest. */
  async #round(): Promise<number> {
    const { place, restMs = REST_MS } = this.options;
    try {
      const now = place.now();
      for (const connectionId of await this.#asked(place.ledger.dueConnections(now))) this.#start(connectionId);
      const next = await this.#asked(place.ledger.nextDueAt(now));
      if (next === undefined) return restMs;
      return Math.max(SHORTEST_REST_MS, Math.min(restMs, next.getTime() - now.getTime()));
    } catch (error) {
      place.logger.warn({ err: error }, 'due work could not be read, tried again later');
      return Math.min(REST_AFTER_ERROR_MS, this.#patience.roundMs / 3);
    }
  }

  /** A database that does not answer is no reason to start this process again: the loop comes round all the same. */
  async #asked<T>(answer: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the ledger does not answer')), this.#patience.roundMs / 3);
    });
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }

  get #patience(): { roundMs: number; passMs: number } {
    return this.options.patience ?? PATIENCE;
  }

  #start(connectionId: string): void {
    const running = this.#running.get(connectionId) ?? 0;
    if (running >= (this.options.passesPerConnection ?? PASSES_PER_CONNECTION)) return;
    this.#running.set(connectionId, running + 1);
    const pass = this.#pass(connectionId);
    this.#passes.add(pass);
    void pass.finally(() => {
      this.#passes.delete(pass);
      const left = (this.#running.get(connectionId) ?? 1) - 1;
      if (left > 0) this.#running.set(connectionId, left);
      else this.#running.delete(connectionId);
    });
  }

  async #pass(connectionId: string): Promise<void> {
    const { place, connections, owner } = this.options;
    const pass = Symbol(connectionId);
    const onProgress = (): void => void this.#signsMs.set(pass, performance.now());
    onProgress();
    try {
      const worked = await deliverPass({ ...place, onProgress }, connections, owner, connectionId);
      if (worked > 0) this.wake();
    } catch (error) {
      place.logger.warn({ err: error, connectionId }, 'a pass was broken off, its lines stay due');
      await place.wait(REST_AFTER_ERROR_MS);
    } finally {
      this.#signsMs.delete(pass);
    }
  }

  async #rest(ms: number): Promise<void> {
    if (this.#isWoken || this.#isStopped) {
      this.#isWoken = false;
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#isWoken = false;
  }
}
