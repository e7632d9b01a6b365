import { readFileSync } from 'node:fs';
import { MasterKey } from '@trueup/access';
import { Secret, commaList, databaseConfig, httpConfig, secretText } from '@trueup/service';
import { z } from 'zod';

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
  ...httpConfig,
  TRUEUP_MASTER_KEY: secretText
    .refine((key) => Buffer.from(key.reveal(), 'base64').length === 32, 'Must be base64 of 32 bytes')
    .optional(),
  TRUEUP_MASTER_KEY_FILE: z.string().min(1).optional(),
  TRUEUP_TEST_HOSTS: commaList.default([]),
  TRUEUP_BOOTSTRAP_TENANT_NAME: z.string().min(1).max(256).default('First tenant'),
  TRUEUP_BOOTSTRAP_ADMIN_TOKEN: secretText.optional(),
  TRUEUP_BOOTSTRAP_EVENTS_TOKEN: secretText.optional(),
  TRUEUP_BOOTSTRAP_SERVICE_TOKENS: serviceTokens.optional(),
};

type ApiConfig = z.output<z.ZodObject<typeof apiConfig>>;

/** @throws Error with a sentence for the operator when there is no usable key. */
export function readMasterKey(config: ApiConfig): MasterKey {
  const { TRUEUP_MASTER_KEY: key, TRUEUP_MASTER_KEY_FILE: file } = config;
  if (key) return MasterKey.fromBase64(key.reveal());
  if (file) return MasterKey.fromBase64(readFileSync(file, 'utf8'));
  throw new Error('Set TRUEUP_MASTER_KEY (base64 of 32 bytes, e.g. openssl rand -base64 32) or TRUEUP_MASTER_KEY_FILE');
}

/** The first tenant as the environment describes it; absent unless both tokens are given. */
export function readFirstTenant(config: ApiConfig): { name: string; adminToken: string; eventsToken: string } | undefined {
  const { TRUEUP_BOOTSTRAP_ADMIN_TOKEN: admin, TRUEUP_BOOTSTRAP_EVENTS_TOKEN: events } = config;
  if (!admin || !events) return undefined;
  return { name: config.TRUEUP_BOOTSTRAP_TENANT_NAME, adminToken: admin.reveal(), eventsToken: events.reveal() };
}
