import { commaList, databaseConfig, kafkaConfig, redisConfig, secretText } from '@trueup/service';
import { z } from 'zod';

const ms = (fallback: number) => z.coerce.number().int().min(0).max(60_000).default(fallback);

/** The environment of a connector process, besides what every process reads. */
export const connectorConfig = {
  ...kafkaConfig,
  ...databaseConfig,
  ...redisConfig,
  TRUEUP_API_URL: z.url(),
  TRUEUP_SERVICE_TOKEN: secretText,
  TRUEUP_REPLICA: z.coerce.number().int().min(0).default(0),
  /** Replicas among which a budget is divided while Redis is away. */
  TRUEUP_REPLICAS: z.coerce.number().int().min(1).default(1),
  TRUEUP_TEST_HOSTS: commaList.default([]),
  /** Secrets that the deployment gives to every connection that has none of its own: `Name=value,Name=value`. */
  TRUEUP_SHARED_SECRETS: commaList
    .transform((pairs) => Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s, 2) as [string, string])))
    .default({}),
  /** Changes of a line are gathered until none came for so long… */
  TRUEUP_GATHER_QUIET_MS: ms(250),
  /** …but never longer than this after the first. */
  TRUEUP_GATHER_LONGEST_MS: ms(1_000),
  /** How long an open breaker rests before it probes. */
  TRUEUP_BREAKER_REST_MS: z.coerce.number().int().min(100).max(600_000).default(10_000),
};
