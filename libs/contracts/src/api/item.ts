import { z } from 'zod';
import { actor } from '../messages/line-target.js';
import { quantity } from '../quantity.js';

export const ITEM_KINDS = ['service', 'application', 'resource', 'user', 'customer', 'domain'] as const;
export const itemKind = z.enum(ITEM_KINDS);
export type ItemKind = z.output<typeof itemKind>;

/** From when to when an item was held, to the second, with actor and event of both moments. */
export const itemInterval = z.object({
  from: z.string(),
  fromEventId: z.string(),
  fromActor: actor,
  to: z.string().optional(),
  toEventId: z.string().optional(),
  toActor: actor.optional(),
});

/** One row of the user-level snapshot of a period. */
export const item = z.object({
  periodId: z.string(),
  customerCode: z.string(),
  customerName: z.string(),
  customerNameThen: z.string(),
  userCode: z.string().optional(),
  userName: z.string().optional(),
  userNameThen: z.string().optional(),
  kind: itemKind,
  serviceCode: z.string(),
  serviceName: z.string(),
  planCode: z.string().optional(),
  planName: z.string().optional(),
  instance: z.string(),
  sku: z.string().optional(),
  term: z.string().optional(),
  billingPlan: z.string().optional(),
  siteCode: z.string().optional(),
  quantity,
  action: z.enum(['carried', 'added', 'removed']),
  intervals: z.array(itemInterval),
  billable: z.boolean(),
  reason: z.string().optional(),
  lineKey: z.string().optional(),
});

export type Item = z.output<typeof item>;
export type ItemInterval = z.output<typeof itemInterval>;
export type Actor = z.output<typeof actor>;
