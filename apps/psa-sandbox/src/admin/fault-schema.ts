import { z } from 'zod';

const internalCall = z.strictObject({
  method: z.string().default('POST'),
  path: z.string().min(1),
  body: z.unknown().optional(),
});

const match = z.strictObject({
  /** HTTP method, any case. */
  method: z.string().optional(),
  /** Substring or regular expression, any case, over path and query text. */
  path: z.string().min(1).optional(),
  /** Substring of the body, any case. */
  body: z.string().min(1).optional(),
  access: z.enum(['read', 'write', 'any']).optional(),
});

const common = {
  match: match.default({}),
  /** How many calls it hits; `always` until it is cleared. */
  count: z.union([z.int().positive(), z.literal('always')]).default(1),
  /** Matching calls that pass untouched before the first hit. */
  skip: z.int().nonnegative().default(0),
};
const seconds = z.number().nonnegative();
/** Whether the connection ends with a reset instead of an orderly close. */
const isReset = z.boolean().default(false);
const gatewayStatuses = [z.literal(500), z.literal(502), z.literal(503), z.literal(504)] as const;

function plain<K extends string>(kind: K) {
  return z.strictObject({ ...common, kind: z.literal(kind) });
}

/** One fault as `POST /_sandbox/faults` takes it. */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.literal('apply-then-drop-connection'), isReset }),
  z.strictObject({ ...common, kind: z.literal('drop-before-apply'), isReset }),
  plain('cut-body-after-commit'),
  z.strictObject({ ...common, kind: z.literal('hang'), effect: z.boolean() }),
  z.strictObject({ ...common, kind: z.literal('trickle'), bytesPerSecond: z.number().positive().default(1) }),
  z.strictObject({ ...common, kind: z.literal('gateway-error'), status: z.union(gatewayStatuses), effect: z.boolean() }),
  plain('503-html'),
  z.strictObject({ ...common, kind: z.literal('500-before-commit'), text: z.string().optional() }),
  z.strictObject({ ...common, kind: z.literal('500-after-commit'), text: z.string().optional() }),
  z.strictObject({ ...common, kind: z.literal('timeout-expired'), effect: z.boolean() }),
  z.strictObject({ ...common, kind: z.literal('delayed-apply'), seconds }),
  z.strictObject({ ...common, kind: z.literal('stale-reads'), seconds }),
  z.strictObject({
    ...common,
    kind: z.literal('429'),
    /** Seconds; with `retryAfterForm: "date"` sent as HTTP date. Absent: no header. */
    retryAfter: seconds.optional(),
    retryAfterForm: z.enum(['seconds', 'date']).default('seconds'),
    /** What the answer carries: the API's own words, or the page of something before it. */
    body: z.enum(['json', 'html']).default('json'),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('slow'),
    ms: z.number().nonnegative(),
    /** Whether the delay lies before or after the execution. */
    when: z.enum(['before', 'after']).default('after'),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('inject'),
    /** Any call of the PSA's API … */
    call: internalCall.optional(),
    /** … or the PSA's shorthand for a quantity change. */
    adjustment: z.record(z.string(), z.unknown()).optional(),
  }),
]);

export type Fault = z.infer<typeof faultSchema>;
export type FaultKind = Fault['kind'];
export { internalCall as internalCallSchema };
