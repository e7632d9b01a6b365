import type { TokenRecord } from '@trueup/access';
import { code, instant, name, scope, token } from '@trueup/contracts';
import { z } from 'zod';

export const reachInput = z.union([
  z.literal('tenant'),
  z.strictObject({ resellerCode: code }),
  z.strictObject({ customerCodes: z.array(code).min(1).max(1000) }),
]);

/** The body of `POST /tokens`. Reach defaults to the caller's own. */
export const newToken = z
  .strictObject({
    label: name,
    scopes: z.array(scope).min(1).max(20),
    reach: reachInput.optional(),
    personId: z
      .string()
      .min(1)
      .max(64)
      .nullable()
      .optional()
      .meta({ description: 'Whose roles limit the token; your own by default, null for a program' }),
    expiresAt: instant.nullable().optional(),
  })
  .meta({ id: 'NewToken', examples: [{ label: 'nightly import', scopes: ['events:write'] }] });

/** A token as lists show it, with the characters that tell it from its neighbours. */
export const shownToken = token.extend({ prefix: z.string() }).meta({ id: 'Token' });

/** The answer that alone holds the secret. */
export const createdToken = shownToken
  .extend({
    token: z
      .string()
      .optional()
      .meta({ description: 'The secret, shown once; absent when a repeated Idempotency-Key is answered' }),
  })
  .meta({ id: 'CreatedToken' });

export type NewTokenBody = z.output<typeof newToken>;

export function toShownToken(record: TokenRecord) {
  return {
    id: record.id,
    personId: record.personId,
    label: record.label,
    prefix: record.prefix,
    scopes: record.scopes,
    reach: record.reach,
    createdAt: record.createdAt.toISOString(),
    expiresAt: record.expiresAt?.toISOString() ?? null,
    lastUsedAt: record.lastUsedAt?.toISOString() ?? null,
  };
}
