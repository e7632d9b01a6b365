import { databaseConfig, httpConfig, kafkaConfig } from '@trueup/service';
import { z } from 'zod';

/** Variables of ingest besides those of every process. */
export const ingestConfig = {
  ...kafkaConfig,
  ...databaseConfig,
  ...httpConfig,
  /** Longest wait for the log's acknowledgement before a request is answered with 503. */
  TRUEUP_INGEST_MAX_WAIT_MS: z.coerce.number().int().min(100).max(60_000).default(3_000),
};

export type IngestConfig = z.output<z.ZodObject<typeof ingestConfig>>;
