import { z } from 'zod';
import { codeName } from '../codes.js';
import { plainDate } from '../plain-date.js';
import { quantity } from '../quantity.js';
import { step } from '../step.js';
import { DELIVERY_STATES } from './line.js';

/** A limit that a person set; a trip holds the change. */
export const guard = z.object({
  id: z.string(),
  scope: z.object({
    connectionId: z.string().optional(),
    customerCode: z.string().optional(),
    sku: z.string().optional(),
    agreementLineKey: z.string().optional(),
  }),
  kind: z.enum(['floor', 'ceiling', 'max-change', 'max-zeroes', 'max-absent', 'window', 'write-budget']),
  per: z.enum(['line', 'customer', 'run']).optional(),
  unit: z.enum(['units', 'percent']).optional(),
  value: z.string(),
  unconditional: z.boolean().optional(),
});

/** What waits for a person: ours against theirs. */
export const hold = z.object({
  id: z.string(),
  connectionId: z.string(),
  agreementLineKey: z.string(),
  code: codeName,
  message: z.string(),
  ours: z.array(step),
  theirs: z.array(step).optional(),
  since: z.string(),
  releasedBy: z.string().optional(),
  note: z.string().optional(),
});

/**
 * A change that the PSA's API cannot make, for a person to do there and confirm. `recordIds` are the records of the line in the PSA,
 * `lineRef` is our mark on them; `from` is absent where nobody knows what the PSA holds.
 */
export const workItem = z.object({
  id: z.string(),
  connectionId: z.string(),
  agreementLineKey: z.string(),
  customerCodes: z.array(z.string()),
  billingIdentifier: z.string(),
  agreementRef: z.string().optional(),
  productRef: z.string(),
  siteRef: z.string().optional(),
  sku: z.string(),
  lineRef: z.string(),
  recordIds: z.array(z.string()),
  from: quantity.optional(),
  to: quantity,
  effectiveDate: plainDate,
  why: z.string(),
  since: z.string(),
  doneBy: z.string().optional(),
  note: z.string().optional(),
});

/** One quantity in a PSA: what we want, what was last seen there, and how far it has come. */
export const agreementLine = z.object({
  agreementLineKey: z.string(),
  connectionId: z.string(),
  billingIdentifier: z.string(),
  agreementRef: z.string().optional(),
  productRef: z.string(),
  siteRef: z.string().optional(),
  state: z.enum(DELIVERY_STATES),
  code: codeName.nullable(),
  message: z.string().optional(),
  version: z.int(),
  ours: z.array(step),
  theirs: z.union([z.array(step), z.literal('unreadable')]).nullable(),
  baseline: z.object({ steps: z.array(step), at: z.string() }).nullable(),
  offset: quantity,
  writesFrom: z.string(),
  parts: z.array(z.object({ lineKey: z.string(), targetVersion: z.int(), quantity })),
  at: z.string().nullable(),
});

export type Guard = z.output<typeof guard>;
export type Hold = z.output<typeof hold>;
export type WorkItem = z.output<typeof workItem>;
export type AgreementLine = z.output<typeof agreementLine>;
