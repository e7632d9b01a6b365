import { z } from 'zod';
import { codeName } from '../codes.js';
import { actor } from '../messages/line-target.js';
import { quantity } from '../quantity.js';
import { step } from '../step.js';

export const DELIVERY_STATES = [
  'unmapped',
  'observed',
  'held',
  'pending',
  'delivered',
  'unsettled',
  'rejected',
  'manual',
  'abandoned',
  'excluded',
] as const;

/** How far a line's target has come in one connection; `connectionId` null and state `unmapped` when nothing maps it. */
export const delivery = z.object({
  connectionId: z.string().nullable(),
  agreementLineKey: z.string().nullable(),
  state: z.enum(DELIVERY_STATES),
  code: codeName.nullable(),
  delivered: quantity.optional(),
  at: z.string().optional(),
});

/** A line of one period: its rows alone, before offsets and guards. */
export const line = z.object({
  lineKey: z.string(),
  customerCode: z.string(),
  sku: z.string(),
  term: z.string(),
  billingPlan: z.string(),
  siteCode: z.string(),
  periodId: z.string(),
  quantity,
  steps: z.array(step),
  targetVersion: z.int(),
  deliveries: z.array(delivery),
});

export const CAUSE_CODES = [
  'ADDED',
  'REMOVED',
  'MOVED',
  'CARRIED',
  'RULE_START',
  'RULE_END',
  'FLOOR',
  'CEILING',
  'ROUND',
  'REMAP',
  'LATE',
  'PSA_DRIFT',
  'MANUAL',
  'FIRST_POST',
] as const;

export type CauseCode = (typeof CAUSE_CODES)[number];

/** Why a line has its quantity: the waterfall sums to the target, the counted people sum to it too. */
export const explain = z.object({
  lineKey: z.string(),
  periodId: z.string(),
  quantity,
  waterfall: z.array(z.object({ code: z.enum(CAUSE_CODES), quantity, count: z.int() })),
  people: z.array(
    z.object({
      userCode: z.string().optional(),
      userName: z.string().optional(),
      delta: quantity,
      at: z.string(),
      actor,
      onBehalfOf: z.string().optional(),
      eventId: z.string().optional(),
      counted: z.boolean(),
      reason: z.string().optional(),
    }),
  ),
});

export type Delivery = z.output<typeof delivery>;
export type DeliveryState = Delivery['state'];
export type Line = z.output<typeof line>;
export type Explain = z.output<typeof explain>;
