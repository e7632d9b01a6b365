import { z } from 'zod';
import { instant } from '../instant.js';
import { plainDate } from '../plain-date.js';
import { quantity } from '../quantity.js';
import { step } from '../step.js';

/** A step of an agreement line and the billing period that it belongs to. */
export const changeStep = step.extend({ periodId: plainDate });

const place = z.object({
  agreementLineKey: z.string(),
  billingIdentifier: z.string(),
  agreementRef: z.string().optional(),
  productRef: z.string(),
  siteRef: z.string().optional(),
});

const vouchedFor = z.object({ steps: z.array(step), token: z.string().optional() });

/** `since`: the version that first carried what the person vouched for. It says nothing about writes of that version or a later one. */
const acceptFound = vouchedFor.extend({ since: z.int().positive().optional() });

/** Value of psa.<kind>.quantity-changes.v1 and preview-requests.v1: bring this agreement line to this schedule. */
export const quantityChange = z.object({
  tenantId: z.string(),
  changeId: z.string(),
  connectionId: z.string(),
  epoch: z.int().nonnegative(),
  agreementLineKey: z.string(),
  lineRef: z.string().max(20),
  version: z.int().positive(),
  account: z.object({ billingIdentifier: z.string() }),
  agreementRef: z.string().optional(),
  product: z.object({ ref: z.string(), sku: z.string() }),
  siteRef: z.string().optional(),
  description: z.string(),
  steps: z.array(changeStep).min(1),
  parts: z.array(z.object({ lineKey: z.string(), targetVersion: z.int(), quantity })),
  mayCreateLine: z.boolean(),
  prorate: z.boolean(),
  writesFrom: plainDate,
  remap: z.object({ remapId: z.string(), from: place, to: place }).optional(),
  onDrift: z.enum(['hold', 'restore', 'adopt']),
  acceptFound: acceptFound.optional(),
  expected: vouchedFor.optional(),
  planId: z.string().optional(),
  runId: z.string().optional(),
  notAfter: instant.optional(),
});

export type QuantityChange = z.output<typeof quantityChange>;
export type ChangeStep = z.output<typeof changeStep>;
