import type { Redis } from 'ioredis';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';

/** Counts points per key in windows; `consume` rejects with the state when a key has none left. */
export type RateCounter = Pick<RateLimiterAbstract, 'consume' | 'points' | 'duration'>;

export interface RateCounterOptions {
  /** Keeps the counters of one Redis apart. */
  keyPrefix: string;
  /** Points per key and window. */
  points: number;
  /** Length of a window in seconds. */
  duration: number;
}

/** A counter over all replicas in Redis; without Redis, or while it is away, every process counts for itself and nobody is refused because of that. */
export function openRateCounter(options: RateCounterOptions, redis: Redis | null): RateCounter {
  const memory = new RateLimiterMemory(options);
  if (redis === null) return memory;
  return new RateLimiterRedis({ ...options, storeClient: redis, insuranceLimiter: memory, rejectIfRedisNotReady: true });
}
