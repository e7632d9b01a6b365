import { z } from 'zod';
import { codeName } from '../codes.js';
import { instant } from '../instant.js';
import { plainDate } from '../plain-date.js';
import { quantity } from '../quantity.js';
import { step } from '../step.js';

/** What came of a released version. All but `unsettled`, `deferred` and `checked` are final. */
export const OUTCOME_KINDS = [
  'planned',
  'unchanged',
  'delivered',
  'created',
  'zeroed',
  'rejected',
  'conflict',
  'held',
  'manual',
  'superseded',
  'unsettled',
  'deferred',
  'checked',
] as const;

export type OutcomeKind = (typeof OUTCOME_KINDS)[number];

/** Kinds after which the version will get no further outcome. */
export const FINAL_OUTCOMES: ReadonlySet<OutcomeKind> = new Set<OutcomeKind>(
  OUTCOME_KINDS.filter((kind) => !['unsettled', 'deferred', 'checked'].includes(kind)),
);

/** One write that changed (or was meant to change) the PSA. */
export const outcomeWrite = z.object({
  writeKey: z.string(),
  effectiveDate: plainDate,
  before: quantity,
  after: quantity,
  request: z.unknown().optional(),
  receipt: z.unknown().optional(),
});

/** A finding of a connection check: what was tried, and what is missing. */
export const finding = z.object({
  code: codeName,
  level: z.enum(['Error', 'Warning', 'Info']),
  message: z.string(),
  remedy: z.string().optional(),
});

/**
 * Value of psa.outcomes.v1. `checked` answers a connection check: agreementLineKey "" and version 0.
 * `until` says when a deferred version is looked at again because of its date (then it is settled for now).
 */
export const outcome = z.object({
  tenantId: z.string(),
  changeId: z.string(),
  connectionId: z.string(),
  agreementLineKey: z.string(),
  version: z.int().nonnegative(),
  kind: z.enum(OUTCOME_KINDS),
  code: codeName,
  baseline: z.object({ steps: z.array(step), at: instant }).optional(),
  held: z
    .object({ steps: z.union([z.array(step), z.literal('unreadable')]), token: z.string().optional(), readAt: instant })
    .optional(),
  writes: z.array(outcomeWrite).optional(),
  message: z.string(),
  at: instant,
  attempt: z.int().nonnegative(),
  until: plainDate.optional(),
  candidates: z.array(z.string()).optional(),
  isPreview: z.boolean().optional(),
  checkRequested: z.int().optional(),
  findings: z.array(finding).optional(),
});

export type Outcome = z.output<typeof outcome>;
export type OutcomeWrite = z.output<typeof outcomeWrite>;
export type Finding = z.output<typeof finding>;
