import type { Redis } from 'ioredis';

/** What replicas tell each other: until when something is left alone. A hint: whoever does not know it finds out by itself. */
export interface SharedRest {
  /** Milliseconds that any of these is still to be left alone; 0 when none, or when nobody can be asked. */
  leftMs(keys: readonly string[]): Promise<number>;
  begin(key: string, ms: number): Promise<void>;
  end(key: string): Promise<void>;
}

/** A process that has nobody to tell. */
export const unsharedRest: SharedRest = {
  leftMs: async () => 0,
  begin: async () => undefined,
  end: async () => undefined,
};

/** Hints in Redis, gone by themselves when their time is over. Losing them loses nothing: every replica keeps its own breakers. */
export class RedisRest implements SharedRest {
  constructor(
    private readonly redis: Redis,
    private readonly options: { kind: string; onFallback(error: unknown): void },
  ) {}

  async leftMs(keys: readonly string[]): Promise<number> {
    const left = await this.#orNothing(() => Promise.all(keys.map((key) => this.redis.pttl(this.#key(key)))));
    return Math.max(0, ...(left ?? []));
  }

  async begin(key: string, ms: number): Promise<void> {
    await this.#orNothing(() => this.redis.set(this.#key(key), '1', 'PX', Math.max(1, Math.ceil(ms))));
  }

  async end(key: string): Promise<void> {
    await this.#orNothing(() => this.redis.del(this.#key(key)));
  }

  #key(key: string): string {
    return ['trueup', this.options.kind, 'rest', key].join(':');
  }

  async #orNothing<T>(ask: () => Promise<T>): Promise<T | undefined> {
    if (this.redis.status !== 'ready') return undefined;
    try {
      return await ask();
    } catch (error) {
      this.options.onFallback(error); // a hint that cannot be read or left: each replica's own breaker decides
      return undefined;
    }
  }
}
