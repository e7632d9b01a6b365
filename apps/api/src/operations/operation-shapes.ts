import { z } from 'zod';
import { notFound } from '../http/problem-error.js';

/** A long piece of work that somebody asked for, as `GET /v1/operations/{id}` follows it. */
export const operation = z
  .object({
    id: z.string(),
    kind: z.enum(['close', 'reprocess', 'rebuild']),
    periodId: z.string().nullable(),
    isDryRun: z.boolean(),
    stage: z.enum(['waiting', 'running', 'done']).meta({
      description: 'waiting: not begun, or until the grace of the period ends',
    }),
    done: z.int().meta({ description: 'Customers done' }),
    total: z.int().meta({ description: 'Customers in all' }),
    etaSeconds: z.number().nullable().meta({ description: 'Null before it can be told' }),
    requestedAt: z.string(),
    finishedAt: z.string().nullable(),
    report: z.unknown().meta({ description: 'What it came to, or of a dry run would come to' }),
  })
  .meta({ id: 'Operation' });

export function noOperation() {
  return notFound('There is no such operation; GET /v1/operations lists them.');
}
