import { z } from 'zod';
import { codeName } from '../codes.js';

/** One coded entry of a run log. `details` never holds secrets. */
export const logEntry = z.object({
  at: z.string(),
  level: z.enum(['Error', 'Warning', 'Info', 'Verbose']),
  code: codeName,
  alias: z.string().optional(),
  owner: z.enum(['finance', 'desk', 'sre']),
  customerCode: z.string().optional(),
  sku: z.string().optional(),
  agreementLineKey: z.string().optional(),
  message: z.string(),
  remedy: z.string().optional(),
  details: z.record(z.string(), z.unknown()),
});

/** One execution over a connection; continuous mode has one a local day. */
export const run = z.object({
  id: z.string(),
  connectionId: z.string(),
  kind: z.enum(['continuous', 'manual', 'scheduled']),
  localDate: z.string().optional(),
  /** The period that it brings, where that is not the current one. */
  periodId: z.string().optional(),
  /** It only shows what would be written. */
  preview: z.boolean().optional(),
  state: z.enum(['running', 'finished']),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  counts: z.record(z.string(), z.int()),
});

export type LogEntry = z.output<typeof logEntry>;
export type Run = z.output<typeof run>;
