import { isIP } from 'node:net';
import { Secret, commaList, databaseConfig, httpConfig, redisConfig, secretText, tenantDatabaseConfig } from '@trueup/service';
import { z } from 'zod';
import { accessConfig } from './access/access-config.js';
import type { RequestLimit } from './http/request-limiter.js';

const serviceTokens = commaList
  .refine(
    (pairs) => pairs.every((pair) => /^[a-z][a-z0-9-]{0,31}=[\x21-\x7e]+$/.test(pair)),
    'Must be kind=token, several separated by commas',
  )
  .transform(
    (pairs) => new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), new Secret(pair.slice(pair.indexOf('=') + 1))])),
  );

/** Variables of the api besides the admin ones. */
export const apiConfig = {
  ...databaseConfig,
  ...tenantDatabaseConfig,
  ...httpConfig,
  ...redisConfig,
  ...accessConfig,
  TRUEUP_TEST_HOSTS: commaList.default([]),
  /** Proxies in front, by address or network: only what they say in X-Forwarded-For counts as a caller's address. */
  TRUEUP_TRUSTED_PROXIES: commaList
    .refine((proxies) => proxies.every(isNetwork), 'Must be IP addresses or networks such as 10.0.0.0/8, separated by commas')
    .default([]),
  /** How often one token may ask within the window; counted in Redis over all replicas, else in each process. */
  TRUEUP_RATE_LIMIT_REQUESTS: z.coerce.number().int().min(1).max(10_000_000).default(12_000),
  TRUEUP_RATE_LIMIT_WINDOW_SECONDS: z.coerce.number().int().min(1).max(86_400).default(60),
  TRUEUP_BOOTSTRAP_TENANT_NAME: z.string().min(1).max(256).default('First tenant'),
  TRUEUP_BOOTSTRAP_ADMIN_TOKEN: secretText.optional(),
  TRUEUP_BOOTSTRAP_EVENTS_TOKEN: secretText.optional(),
  TRUEUP_BOOTSTRAP_SERVICE_TOKENS: serviceTokens.optional(),
};

/** An address, or a network that is less than everybody. */
function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const most = isIP(address) === 4 ? 32 : 128;
  return isIP(address) !== 0 && more.length === 0 && (bits === undefined || (/^[1-9]\d*$/.test(bits) && Number(bits) <= most));
}

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
