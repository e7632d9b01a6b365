import type { Logger } from '@trueup/service';
import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';

/** Counts requests by token. */
export type RequestLimiter = Pick<RateLimiterAbstract, 'consume' | 'points' | 'duration'>;

/** How often one token may ask, and where that is counted: in Redis over all replicas, else in each process. */
export interface RequestLimit {
  requests: number;
  windowSeconds: number;
  redisUrl?: string;
}

/** Opens the counter. While Redis is away every process counts for itself; nobody is refused because of that. */
export function openRequestLimiter(limit: RequestLimit, logger: Pick<Logger, 'warn'>): { limiter: RequestLimiter; stop(): void } {
  const options = { keyPrefix: 'trueup:api', points: limit.requests, duration: limit.windowSeconds };
  const memory = new RateLimiterMemory(options);
  if (limit.redisUrl === undefined) return { limiter: memory, stop: () => undefined };
  const redis = openRedis(limit.redisUrl, logger);
  const limiter = new RateLimiterRedis({
    ...options,
    storeClient: redis,
    insuranceLimiter: memory,
    rejectIfRedisNotReady: true,
  });
  return { limiter, stop: () => redis.disconnect() };
}

function openRedis(url: string, logger: Pick<Logger, 'warn'>): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 500,
    connectTimeout: 2_000,
    retryStrategy: (tries: number) => Math.min(tries * 200, 5_000),
  });
  let isAway = false;
  redis.on('error', (error: unknown) => {
    if (!isAway) logger.warn({ err: error }, 'Redis does not answer, requests are counted per process');
    isAway = true;
  });
  redis.on('ready', () => (isAway = false));
  return redis;
}
