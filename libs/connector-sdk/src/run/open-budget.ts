import type { Logger } from '@trueup/service';
import { openRedis } from '@trueup/service/redis';
import type { Manifest } from '../connector/manifest.js';
import type { Budget } from '../http/budget.js';
import { LocalBudget } from '../http/local-budget.js';
import { RedisBudget } from '../http/redis-budget.js';
import { RedisRest, unsharedRest, type SharedRest } from '../http/shared-rest.js';

export interface BudgetEnvironment {
  TRUEUP_REDIS_URL?: string;
  TRUEUP_REPLICAS: number;
}

/** Budget and rests of the kind's connections: shared through Redis where it is there, else a share per process. */
export function openBudget(
  manifest: Manifest,
  environment: BudgetEnvironment,
  logger: Pick<Logger, 'warn'>,
): { budget: Budget; rest: SharedRest; stop(): void } {
  const { rateLimits: limits, concurrency, id: kind } = manifest;
  const nowMs = (): number => performance.now();
  const local = new LocalBudget({ limits, concurrency, share: 1 / environment.TRUEUP_REPLICAS, nowMs });
  const url = environment.TRUEUP_REDIS_URL;
  if (url === undefined) return { budget: local, rest: unsharedRest, stop: () => undefined };
  const { redis, onAway, stop } = openRedis({ url, logger, meanwhile: 'budgets are kept per process' });
  return {
    budget: new RedisBudget(redis, { kind, limits, concurrency, local, onFallback: onAway }),
    rest: new RedisRest(redis, { kind, onFallback: onAway }),
    stop,
  };
}
