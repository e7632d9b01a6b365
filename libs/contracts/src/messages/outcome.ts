import { z } from 'zod';
import { codeName } from '../codes.js';
import { instant } from '../instant.js';
import { plainDate } from '../plain-date.js';
import { quantity } from '../quantity.js';
import { step } from '../step.js';
import { psaListPart } from './psa-list.js';

/** What came of a released version. All but `unsettled`, `deferred`, `checked` and `listed` are final. */
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
  'listed',
] as const;

export type OutcomeKind = (typeof OUTCOME_KINDS)[number];

/** Kinds after which the version will get no further outcome. */
export const FINAL_OUTCOMES: ReadonlySet<OutcomeKind> = new Set<OutcomeKind>(
  OUTCOME_KINDS.filter((kind) => !['unsettled', 'deferred', 'checked', 'listed'].includes(kind)),
);

/** One write that changed (or was meant to change) the PSA. */
export const outcomeWrite = z.object({
  writeKey: z.string(),
  effectiveDate: plainDate,
  /** The day that the change belongs to, where it could not be written on that day: logged as EFFECTIVE_DATE_SHIFTED. */
  meantFor: plainDate.optional(),
  /** What somebody changed in the PSA and this write undid, with both values: logged as DRIFT_DETECTED. */
  writtenOver: z.string().optional(),
  before: quantity,
  after: quantity,
  request: z.unknown().optional(),
  receipt: z.unknown().optional(),
});

/**
 * Days from `wanted` until the day before `taken` on which the PSA bills another quantity than the schedule asks for: because it takes no
 * second change for a date, or has posted the period. `units` = asked for minus billed, on each of these days.
 */
export const shiftedDays = z.object({
  wanted: plainDate,
  taken: plainDate,
  units: quantity,
  reason: z.enum(['date-taken', 'date-shifted', 'posted']),
});

/** What a person must do in the PSA, because its API cannot: from one level to another, in the records named. */
export const manualChange = z.object({
  effectiveDate: plainDate,
  from: quantity,
  to: quantity,
  recordIds: z.array(z.string()).optional(),
});

/** A finding of a connection check: what was tried, and what is missing. */
export const finding = z.object({
  code: codeName,
  level: z.enum(['Error', 'Warning', 'Info']),
  message: z.string(),
  remedy: z.string().optional(),
});

/**
 * Value of psa.outcomes.v1. `shifted` comes with every outcome that rests on a plan (delivered, created, zeroed, unchanged, and deferred
 * for a date) when the days from the change's `writesFrom` on do not all agree; absent there, they do. What was told of earlier days stands.
 * `checked` answers a connection check, `listed` a request for the PSA's accounts and products (without `list`: why they cannot be read):
 * agreementLineKey "" and version 0.
 * `manual` says with an outcome of that kind what a person is to do.
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
  shifted: z.array(shiftedDays).optional(),
  candidates: z.array(z.string()).optional(),
  manual: manualChange.optional(),
  isPreview: z.boolean().optional(),
  checkRequested: z.int().optional(),
  findings: z.array(finding).optional(),
  listRequested: z.int().optional(),
  list: psaListPart.optional(),
});

export type Outcome = z.output<typeof outcome>;
export type OutcomeWrite = z.output<typeof outcomeWrite>;
export type ShiftedDays = z.output<typeof shiftedDays>;
export type ManualChange = z.output<typeof manualChange>;
export type Finding = z.output<typeof finding>;
