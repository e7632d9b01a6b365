import type { Logger } from '@trueup/service';
import { openRateCounter, openRedis } from '@trueup/service/redis';
import { EventBudget } from './event-budget.js';
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
  const { redisUrl: url, windowSeconds: duration } = limits;
  const shared = url === undefined ? null : openRedis({ url, logger, meanwhile: 'events are counted per process' });
  const open = (name: string, points: number): BudgetOf => {
    const counter = openRateCounter({ keyPrefix: `trueup:ingest:${name}`, points, duration }, shared?.redis ?? null);
    return { budget: new EventBudget(counter), limit: limitOf(counter) };
  };
  const budgets = { token: open('token', limits.eventsPerToken), tenant: open('tenant', limits.eventsPerTenant) };
  return { limiter: new EventLimiter(budgets), stop: () => shared?.stop() };
}
