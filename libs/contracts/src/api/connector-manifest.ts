import { z } from 'zod';

const host = z.string().regex(/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'Must be a host name, or *.domain for every host below it');

/** The kind of PSA that a connector brings: names topics, ledger schema and consumer group. */
export const connectorKind = z.string().regex(/^[a-z][a-z0-9-]{1,30}$/, 'Must be 2 to 31 lower-case letters, digits and hyphens');

/** What a connector states about its PSA besides code. Durations in milliseconds. */
export const connectorManifest = z.strictObject({
  id: connectorKind,
  title: z.string(),
  sdk: z.string(),
  /** The PSA's own words for ours, for messages. */
  dictionary: z.record(z.string(), z.string()).default({}),
  auth: z.enum(['headers', 'basic', 'bearer', 'oauth2']),
  /** Secrets that every connection must have. */
  secrets: z.array(z.string()),
  /** Hosts that may be called, over https. Others only as test hosts of the operator. */
  hosts: z.array(host),
  /** Calls that we allow ourselves in any window of that length, per connection. */
  rateLimits: z.array(z.strictObject({ calls: z.int().positive(), perMs: z.int().min(1000) })).default([]),
  /** Calls at one time per connection and endpoint (first segment of the path). */
  concurrency: z.int().positive().default(4),
  capabilities: z.strictObject({
    writes: z.enum(['absolute', 'delta', 'create-only']),
    canCreate: z.boolean(),
    removal: z.enum(['remove', 'zero', 'none']),
    hasEffectiveDates: z.boolean(),
    hasDecimals: z.boolean(),
    identity: z.enum(['reference', 'natural-key']),
    isReadable: z.boolean(),
  }),
  /** How long the PSA may still be executing a write whose answer never came. */
  settleMs: z.int().min(100),
  readTimeoutMs: z.int().min(100),
  writeTimeoutMs: z.int().min(100),
  /** How long the place of a line may be remembered. */
  locateCacheMs: z.int().min(0).default(60_000),
  /** JSON Schema of the settings that this kind reads; documents and validates them. */
  settings: z.record(z.string(), z.unknown()).default({}),
  /** What a person should know about the base address, as shown beside the field. */
  baseUrl: z.string().optional(),
});

export type ConnectorManifest = z.output<typeof connectorManifest>;
