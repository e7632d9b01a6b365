import { databaseConfig, kafkaConfig } from '@trueup/service';
import { z } from 'zod';

/** Variables of the projector besides those of every process. */
export const projectorConfig = {
  ...kafkaConfig,
  ...databaseConfig,
  /** Events per transaction. 500 is the knee between latency and throughput; more for catching up. */
  TRUEUP_PROJECTOR_CHUNK: z.coerce.number().int().min(1).max(5_000).default(500),
};

export type ProjectorConfig = z.output<z.ZodObject<typeof projectorConfig>>;
