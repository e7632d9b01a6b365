import { EVENT_TYPES, eventAttributes, eventData, eventSchemaOf, PROBLEM_CODES } from '@trueup/contracts';
import { z } from 'zod';

const toSchema = (schema: z.ZodType): Record<string, unknown> => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
};

const problem = z.object({
  type: z.string(),
  code: z.enum(PROBLEM_CODES),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  requestId: z.string().optional(),
  errors: z
    .array(z.object({ pointer: z.string().describe('JSON pointer (RFC 6901) into the event'), detail: z.string() }))
    .optional(),
});
const result = z.object({
  index: z.int().describe('Place of the event in the request'),
  id: z.string().optional(),
  status: z.enum(['accepted', 'duplicate', 'rejected']),
  problem: problem.omit({ status: true, requestId: true }).optional(),
});
const answer = z.object({ accepted: z.int(), duplicate: z.int(), rejected: z.int(), results: z.array(result) });
const rate = z.object({ events: z.int(), windowSeconds: z.int() });
const limits = z.object({
  maxEvents: z.int(),
  maxBodyBytes: z.int(),
  maxEventBytes: z.int(),
  maxDepth: z.int(),
  maxHeaderBytes: z.int(),
  maxFutureSeconds: z.int(),
  requestTimeoutSeconds: z.int(),
  headersTimeoutSeconds: z.int(),
  contentTypes: z.array(z.string()),
  contentEncodings: z.array(z.string()),
  rate: z.object({ token: rate, tenant: rate }),
});

/** Schemas of the document by name: one per type of event, their union, and the answers. */
export function openApiSchemas(): Record<string, unknown> {
  const events = EVENT_TYPES.map((type) => [type, toSchema(eventSchemaOf(type))] as const);
  return {
    ...Object.fromEntries(events),
    Event: { oneOf: events.map(([type]) => ({ $ref: `#/components/schemas/${type}` })) },
    EventData: { anyOf: EVENT_TYPES.map((type) => toSchema(eventData[type])) },
    Answer: toSchema(answer),
    Problem: toSchema(problem),
    Limits: toSchema(limits),
  };
}

/** The attributes as headers of binary mode. They are required in that mode only. */
export function binaryHeaders(): unknown[] {
  const { properties = {} } = toSchema(eventAttributes) as { properties?: Record<string, unknown> };
  const names = [...Object.keys(properties).filter((name) => name !== 'datacontenttype'), 'type'];
  return names.map((name) => ({
    name: `ce-${name}`,
    in: 'header',
    description: 'Binary mode only; space, quotes, percent and whatever is not ASCII percent-encoded as UTF-8',
    schema: { type: 'string' },
  }));
}
