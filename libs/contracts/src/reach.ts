import { z } from 'zod';
import { code } from './text.js';

/** What a token or person may see within its tenant. */
export const reach = z.union([
  z.literal('tenant'),
  z.strictObject({ resellerCode: code }),
  z.strictObject({ customerCodes: z.array(code).min(1).max(1000) }),
]);

export type Reach = z.output<typeof reach>;

/** Every scope that a token can hold. */
export const SCOPES = [
  'events:write',
  'billing:read',
  'mapping:write',
  'connections:admin',
  'control:operate',
  'control:approve',
  'tokens:admin',
  'audit:read',
  'tenants:admin',
] as const;

export const scope = z.enum(SCOPES);

export type Scope = (typeof SCOPES)[number];
