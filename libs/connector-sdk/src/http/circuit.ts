import { EventEmitter } from 'node:events';
import CircuitBreaker from 'opossum';
import { NoAnswer } from './http-answer.js';

export interface CircuitOptions {
  /** How long an open circuit rests before it lets one probe through. Default 10,000. */
  restMs?: number;
  /** Told whenever the circuit opens or closes. */
  onChange?: (state: 'open' | 'closed') => void;
}

const WINDOW_MS = 60_000;
const BUCKETS = 10;
const FEWEST_FAILURES = 5;
const REST_MS = 10_000;

// One timer rotates the windows of every circuit; a timer for each would add up.
const rotation = new EventEmitter();
rotation.setMaxListeners(0);
setInterval(() => rotation.emit('rotate'), WINDOW_MS / BUCKETS).unref();

type Work = () => Promise<unknown>;

/**
 * The breaker of one connection. Work that rejects counts against it; whatever should not count (a refusal, a 429) must resolve.
 * Deadlines belong to the work: a breaker's own timeout would leave the request running.
 */
export class Circuit {
  readonly #breaker: CircuitBreaker<[Work], unknown>;
  #openedAtMs = 0;
  #failuresInARow = 0;

  constructor(private readonly options: CircuitOptions = {}) {
    this.#breaker = new CircuitBreaker((work: Work) => work(), {
      timeout: false,
      errorThresholdPercentage: 50,
      volumeThreshold: FEWEST_FAILURES,
      rollingCountTimeout: WINDOW_MS,
      rollingCountBuckets: BUCKETS,
      resetTimeout: this.#restMs,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
      rotateBucketController: rotation,
    });
    // toJSON().state.lastTimerAt is the time of construction, so the time of opening is kept here.
    this.#breaker.on('open', () => {
      this.#openedAtMs = performance.now();
      options.onChange?.('open');
    });
    this.#breaker.on('close', () => options.onChange?.('closed'));
  }

  /** Writes are sent through a closed circuit only: a probe must never be a write. */
  get isClosed(): boolean {
    return this.#breaker.closed;
  }

  get isOpen(): boolean {
    return this.#breaker.opened;
  }

  get isHalfOpen(): boolean {
    return this.#breaker.halfOpen;
  }

  /** Milliseconds until an open circuit lets a probe through; 0 otherwise. */
  get restLeftMs(): number {
    return this.isOpen ? Math.max(0, this.#openedAtMs + this.#restMs - performance.now()) : 0;
  }

  /** Runs the work, or throws NoAnswer `breaker-open` without running it. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    try {
      const answer = (await this.#breaker.fire(work)) as T;
      this.#failuresInARow = 0;
      return answer;
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code === 'EOPENBREAKER') throw new NoAnswer('breaker-open', 'The breaker is open');
      // New settings put another circuit in this one's place while a pass was under way.
      if (code === 'ESHUTDOWN') throw new NoAnswer('withheld', 'The settings of the connection changed');
      this.#failed();
      throw error;
    }
  }

  /** A busy connection had so many successes within the window that failing calls would take long to outnumber them. */
  #failed(): void {
    this.#failuresInARow += 1;
    if (this.#failuresInARow >= FEWEST_FAILURES && this.isClosed) this.#breaker.open();
  }

  stop(): void {
    this.#breaker.shutdown();
  }

  get #restMs(): number {
    return this.options.restMs ?? REST_MS;
  }
}
