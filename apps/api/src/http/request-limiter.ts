import type { Logger } from '@trueup/service';
import { openRateCounter, openRedis, type RateCounter } from '@trueup/service/redis';

/** How often one token may ask, and where that is counted: in Redis over all replicas, else in each process. */
export interface RequestLimit {
  requests: number;
  windowSeconds: number;
  redisUrl?: string;
}

/** Opens the counter of requests by token. */
export function openRequestLimiter(limit: RequestLimit, logger: Pick<Logger, 'warn'>): { limiter: RateCounter; stop(): void } {
  const { redisUrl: url } = limit;
  const shared = url === undefined ? null : openRedis({ url, logger, meanwhile: 'requests are counted per process' });
  const options = { keyPrefix: 'trueup:api', points: limit.requests, duration: limit.windowSeconds };
  return { limiter: openRateCounter(options, shared?.redis ?? null), stop: () => shared?.stop() };
}
