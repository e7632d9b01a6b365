import { Redis } from 'ioredis';
import type { Logger } from '../logger.js';

export interface RedisOptions {
  url: string;
  logger: Pick<Logger, 'warn'>;
  /** What happens without it, for the log, e.g. `events are counted per process`. */
  meanwhile: string;
}

/** A client of Redis, which only speeds things up: every caller has a way without it. */
export interface OpenedRedis {
  redis: Redis;
  /** For whoever meets Redis away; it is logged once, until it is back. */
  onAway(error: unknown): void;
  stop(): void;
}

/** A client that fails at once instead of queueing. It connects in the background and never throws. */
export function openRedis({ url, logger, meanwhile }: RedisOptions): OpenedRedis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 500,
    connectTimeout: 2_000,
    retryStrategy: (tries: number) => Math.min(tries * 200, 5_000),
  });
  let isAway = false;
  const onAway = (error: unknown): void => {
    if (!isAway) logger.warn({ err: error }, `Redis does not answer, ${meanwhile}`);
    isAway = true;
  };
  redis.on('error', onAway);
  redis.on('ready', () => (isAway = false));
  return { redis, onAway, stop: () => redis.disconnect() };
}
