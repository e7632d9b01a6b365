import { z } from 'zod';
import { instant } from '../instant.js';
import { plainDate } from '../plain-date.js';
import { quantity } from '../quantity.js';
import { step } from '../step.js';

/** Who caused a change; every member may be absent. */
export const actor = z.object({
  id: z.string().optional(),
  name: z.string().optional(),
  kind: z.enum(['person', 'script', 'system']).optional(),
  onBehalfOf: z.string().optional(),
});

/** From `from` on, `billedBy` pays: "provider" = we bill the end customer, "reseller" = we bill the reseller for it. */
export const payer = z.object({
  from: plainDate,
  resellerCode: z.string().optional(),
  billedBy: z.enum(['provider', 'reseller']),
});

/** One billing period of a line: [start, end) in local days; `id` is its last day. Counts are units. */
export const linePeriod = z.object({
  id: plainDate,
  start: plainDate,
  end: plainDate,
  state: z.enum(['open', 'closing', 'closed']),
  present: quantity,
  peak: quantity,
  removed: quantity,
  steps: z.array(step).min(1),
  restated: z.object({ present: quantity, peak: quantity, steps: z.array(step).min(1) }).optional(),
});

/** One event (or act) behind a change of a target; `delta` in units. */
export const cause = z.object({
  eventId: z.string().optional(),
  type: z.string(),
  userCode: z.string().optional(),
  userName: z.string().optional(),
  delta: quantity,
  actor: actor.optional(),
  occurredAt: instant,
  reason: z.string().optional(),
});

/** Most causes that one version names; `causeCount` has the true number. */
export const MAX_CAUSES = 50;

/** Value of billing.line-targets.v1: the whole schedule that a line must have. A newer version replaces an older one. */
export const lineTarget = z.object({
  tenantId: z.string(),
  lineKey: z.string(),
  customerCode: z.string(),
  payers: z.array(payer).min(1),
  sku: z.string(),
  term: z.string(),
  billingPlan: z.string(),
  siteCode: z.string(),
  targetVersion: z.int().positive(),
  endOfSet: z.boolean(),
  periods: z.array(linePeriod).min(1),
  changed: z.object({ from: plainDate, previousQuantity: quantity, quantity }),
  causes: z.array(cause).max(MAX_CAUSES),
  causeCount: z.int().nonnegative(),
});

export type LineTarget = z.output<typeof lineTarget>;
export type LinePeriod = z.output<typeof linePeriod>;
export type Payer = z.output<typeof payer>;
export type Cause = z.output<typeof cause>;
