import { databaseConfig, httpConfig, kafkaConfig, redisConfig, tenantDatabaseConfig } from '@trueup/service';
import { z } from 'zod';
import { ingestLimits } from './ingest-limits.js';
import type { EventLimits } from './limits/open-event-limiter.js';

// Never below one full batch, which could then never be sent.
const events = z.coerce.number().int().min(ingestLimits.maxEvents).max(1_000_000_000);

/** Variables of ingest besides those of every process. */
export const ingestConfig = {
  ...kafkaConfig,
  ...databaseConfig,
  ...tenantDatabaseConfig,
  ...httpConfig,
  ...redisConfig,
  /** Longest wait for the log's acknowledgement before a request is answered with 503. */
  TRUEUP_INGEST_MAX_WAIT_MS: z.coerce.number().int().min(100).max(60_000).default(3_000),
  /** How many events one token, and one tenant, may send within the window; counted in Redis over all replicas, else in each process. */
  TRUEUP_INGEST_EVENTS_PER_TOKEN: events.default(2_000_000),
  TRUEUP_INGEST_EVENTS_PER_TENANT: events.default(3_000_000),
  TRUEUP_INGEST_LIMIT_WINDOW_SECONDS: z.coerce.number().int().min(1).max(3_600).default(60),
};

export type IngestConfig = z.output<z.ZodObject<typeof ingestConfig>>;

/** How much may come, and where that is counted. */
export function eventLimitsOf(config: IngestConfig): EventLimits {
  const { TRUEUP_REDIS_URL: redisUrl } = config;
  return {
    eventsPerToken: config.TRUEUP_INGEST_EVENTS_PER_TOKEN,
    eventsPerTenant: config.TRUEUP_INGEST_EVENTS_PER_TENANT,
    windowSeconds: config.TRUEUP_INGEST_LIMIT_WINDOW_SECONDS,
    ...(redisUrl !== undefined && { redisUrl }),
  };
}
