import type { Logger } from '@trueup/service';
import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { EventBudget, type PointCounter } from './event-budget.js';
import { type BudgetOf, EventLimiter, limitOf } from './event-limiter.js';

export interface EventLimits {
  eventsPerToken: number;
  eventsPerTenant: number;
  windowSeconds: number;
  /** Where all replicas count together; absent: each process counts for itself. */
  redisUrl?: string;
}

/** Opens the counters. While Redis is away every process counts for itself; nobody is refused because of that. */
export function openEventLimiter(limits: EventLimits, logger: Pick<Logger, 'warn'>): { limiter: EventLimiter; stop(): void } {
  const redis = limits.redisUrl === undefined ? null : openRedis(limits.redisUrl, logger);
  const open = (name: string, points: number): BudgetOf => {
    const counter = openCounter({ keyPrefix: `trueup:ingest:${name}`, points, duration: limits.windowSeconds }, redis);
    return { budget: new EventBudget(counter), limit: limitOf(counter) };
  };
  const budgets = { token: open('token', limits.eventsPerToken), tenant: open('tenant', limits.eventsPerTenant) };
  return { limiter: new EventLimiter(budgets), stop: () => redis?.disconnect() };
}

function openCounter(options: { keyPrefix: string; points: number; duration: number }, redis: Redis | null): PointCounter {
  const memory = new RateLimiterMemory(options);
  if (!redis) return memory;
  return new RateLimiterRedis({ ...options, storeClient: redis, insuranceLimiter: memory, rejectIfRedisNotReady: true });
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
    if (!isAway) logger.warn({ err: error }, 'Redis does not answer, events are counted per process');
    isAway = true;
  });
  redis.on('ready', () => (isAway = false));
  return redis;
}
