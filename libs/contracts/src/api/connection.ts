import { z } from 'zod';

export const CONNECTION_MODES = ['observe', 'approve', 'auto'] as const;
export const connectionMode = z.enum(CONNECTION_MODES);
export type ConnectionMode = z.output<typeof connectionMode>;

/** Settings of a connection with their defaults. Durations in milliseconds; an absent duration means the manifest's default. */
export const connectionSettings = z.strictObject({
  prorate: z.boolean().default(false),
  mayCreateLine: z.boolean().default(false),
  dateAlignment: z.enum(['psa-period', 'exact']).default('psa-period'),
  onPostedPeriod: z.enum(['next', 'hold']).default('next'),
  sameDateChanges: z.enum(['net-at-day-end', 'next-free-date', 'hold']).default('net-at-day-end'),
  onDrift: z.enum(['hold', 'adopt', 'restore']).default('hold'),
  counting: z.enum(['active', 'present', 'peak']).default('active'),
  companyMatch: z.enum(['id', 'companyNumber']).default('id'),
  skuField: z.enum(['ServiceId', 'name', 'InvoiceDescription', 'description']).default('ServiceId'),
  calculationOwner: z.enum(['psa', 'trueup']).default('psa'),
  requireHand: z.strictObject({ create: z.boolean(), zero: z.boolean() }).default({ create: false, zero: false }),
  settleMs: z.int().min(100).max(86_400_000).optional(),
  writeTimeoutMs: z.int().min(100).max(600_000).optional(),
  readTimeoutMs: z.int().min(100).max(600_000).optional(),
  zoneUser: z.string().max(256).optional(),
});

export type ConnectionSettings = z.output<typeof connectionSettings>;

export const connectionState = z.enum(['ready', 'suspended']);

/** A connection as people see it; secrets are named, never shown. */
export const connection = z.object({
  id: z.string(),
  kind: z.string(),
  label: z.string(),
  mode: connectionMode,
  epoch: z.int(),
  baseUrl: z.string().optional(),
  settings: connectionSettings,
  secretsSet: z.array(z.string()),
  state: connectionState,
  reason: z.string().optional(),
});

export type Connection = z.output<typeof connection>;

/** Answer of `GET /internal/v1/connections`: all connections of the kind that the service token names. */
export const internalConnections = z.object({
  asOf: z.string(),
  connections: z.array(
    z.object({
      id: z.string(),
      tenantId: z.string(),
      kind: z.string(),
      label: z.string(),
      mode: connectionMode,
      epoch: z.int(),
      state: connectionState,
      baseUrl: z.string().nullable(),
      settings: connectionSettings,
      secrets: z.record(z.string(), z.string()),
      timeZone: z.string(),
      graceHours: z.number(),
      checkRequested: z.int(),
      /** Requests so far for the PSA's accounts and products; the connector answers each new number once. Absent: none. */
      listRequested: z.int().optional(),
    }),
  ),
});

export type InternalConnections = z.output<typeof internalConnections>;
export type InternalConnection = InternalConnections['connections'][number];
