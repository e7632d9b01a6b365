import { connection, connectionMode, connectorKind, finding, name } from '@trueup/contracts';
import type { StoredConnection } from '@trueup/control';
import { z } from 'zod';

/** Secrets that a kind knows; a kind that is not listed may have any. */
const secretFields: Readonly<Record<string, readonly string[]>> = { autotask: ['UserName', 'Secret', 'ApiIntegrationCode'] };

const baseUrl = z.string().max(2048);
const settings = z.record(z.string(), z.unknown());

export const newConnection = z
  .strictObject({ kind: connectorKind, label: name, baseUrl: baseUrl.optional(), settings: settings.optional() })
  .meta({ id: 'NewConnection', examples: [{ kind: 'autotask', label: 'Autotask EU', settings: { prorate: false } }] });

export const connectionPatch = z
  .strictObject({ label: name.optional(), baseUrl: baseUrl.nullable().optional(), settings: settings.optional() })
  .meta({ id: 'ConnectionPatch', examples: [{ settings: { mayCreateLine: true } }] });

export const secretValues = z
  .record(
    z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'Must be the name of a secret'),
    z.string().min(1).max(4096).nullable(),
  )
  .refine((values) => Object.keys(values).length > 0, 'Must name at least one secret')
  .meta({ id: 'SecretValues', examples: [{ UserName: 'api@acme.example', Secret: 'p4ss', ApiIntegrationCode: 'CODE' }] });

export const modeChange = z.strictObject({ mode: connectionMode }).meta({ id: 'ModeChange', examples: [{ mode: 'observe' }] });

export const removalQuery = z.strictObject({
  onRemove: z
    .enum(['leave', 'zero'])
    .optional()
    .meta({
      description:
        'leave (default): nothing is written to the PSA any more. zero: its customers are unmapped and every line is brought to zero first; ' +
        'ask again until the answer is 204. Needs the mode auto',
    }),
});

export const linesLeft = z
  .object({ linesLeft: z.int().meta({ description: 'Lines for which the PSA may still hold units' }) })
  .meta({ id: 'LinesLeft' });

export const shownConnection = connection.meta({ id: 'Connection' });

export const secretsAnswer = z.object({ secretsSet: z.array(z.string()) }).meta({ id: 'SecretsSet' });

export const checkAnswer = z
  .object({
    checkRequested: z.int(),
    findings: z.array(finding).optional(),
    at: z.string().optional(),
    unmappedLines: z.object({ total: z.int(), readAt: z.string(), see: z.string() }).optional().meta({
      description: 'How many lines of the PSA nothing names, as last read, and where they are listed; absent when never read',
    }),
  })
  .meta({ id: 'CheckAnswer' });

/** The names that this kind of connection does not know. */
export function unknownSecrets(kind: string, values: Readonly<Record<string, unknown>>): string[] {
  const known = secretFields[kind];
  return known ? Object.keys(values).filter((field) => !known.includes(field)) : [];
}

export function toShownConnection(stored: StoredConnection, secretsSet: readonly string[] | undefined) {
  return {
    id: stored.id,
    kind: stored.kind,
    label: stored.label,
    mode: stored.mode,
    epoch: stored.epoch,
    ...(stored.baseUrl !== null && { baseUrl: stored.baseUrl }),
    settings: stored.settings,
    secretsSet: [...(secretsSet ?? [])],
    state: stored.state,
    ...(stored.reason !== null && { reason: stored.reason }),
  };
}
