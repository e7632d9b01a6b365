import { readFileSync } from 'node:fs';
import { Secret, commaList, databaseConfig, httpConfig, redisConfig, secretText } from '@trueup/service';
import { z } from 'zod';
import type { RequestLimit } from './http/request-limiter.js';

const serviceTokens = commaList
  .refine(
    (pairs) => pairs.every((pair) => /^[a-z][a-z0-9-]{0,31}=[\x21-\x7e]+$/.test(pair)),
    'Must be kind=token, several separated by commas',
  )
  .transform(
    (pairs) => new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), new Secret(pair.slice(pair.indexOf('=') + 1))])),
  );

const masterKeyText = secretText.refine(
  (key) => Buffer.from(key.reveal(), 'base64').length === 32,
  'Must be base64 of 32 bytes, e.g. of openssl rand -base64 32',
);

/** Variables of the api besides the admin ones. */
export const apiConfig = {
  ...databaseConfig,
  ...httpConfig,
  ...redisConfig,
  /** In clear, or in the file that TRUEUP_MASTER_KEY_FILE names. */
  TRUEUP_MASTER_KEY: z.preprocess((text) => text ?? masterKeyFile(), masterKeyText),
  TRUEUP_TEST_HOSTS: commaList.default([]),
  /** How often one token may ask within the window; counted in Redis over all replicas, else in each process. */
  TRUEUP_RATE_LIMIT_REQUESTS: z.coerce.number().int().min(1).max(10_000_000).default(12_000),
  TRUEUP_RATE_LIMIT_WINDOW_SECONDS: z.coerce.number().int().min(1).max(86_400).default(60),
  TRUEUP_BOOTSTRAP_TENANT_NAME: z.string().min(1).max(256).default('First tenant'),
  TRUEUP_BOOTSTRAP_ADMIN_TOKEN: secretText.optional(),
  TRUEUP_BOOTSTRAP_EVENTS_TOKEN: secretText.optional(),
  TRUEUP_BOOTSTRAP_SERVICE_TOKENS: serviceTokens.optional(),
};

type ApiConfig = z.output<z.ZodObject<typeof apiConfig>>;

/** The first tenant as the environment describes it; absent unless both tokens are given. */
export function readFirstTenant(config: ApiConfig): { name: string; adminToken: string; eventsToken: string } | undefined {
  const { TRUEUP_BOOTSTRAP_ADMIN_TOKEN: admin, TRUEUP_BOOTSTRAP_EVENTS_TOKEN: events } = config;
  if (!admin || !events) return undefined;
  return { name: config.TRUEUP_BOOTSTRAP_TENANT_NAME, adminToken: admin.reveal(), eventsToken: events.reveal() };
}

/** How often one token may ask, and where that is counted. */
export function requestLimitOf(config: ApiConfig): RequestLimit {
  const {
    TRUEUP_RATE_LIMIT_REQUESTS: requests,
    TRUEUP_RATE_LIMIT_WINDOW_SECONDS: windowSeconds,
    TRUEUP_REDIS_URL: redisUrl,
  } = config;
  return { requests, windowSeconds, ...(redisUrl !== undefined && { redisUrl }) };
}

function masterKeyFile(): string | undefined {
  const file = process.env['TRUEUP_MASTER_KEY_FILE'];
  if (!file) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return `${file} cannot be read`; // is no key, and is refused together with all other problems
  }
}
