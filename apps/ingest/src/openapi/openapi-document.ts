import { requestExamples } from './examples.js';
import { binaryHeaders, openApiSchemas } from './openapi-schemas.js';

const reference = (name: string): { $ref: string } => ({ $ref: `#/components/schemas/${name}` });
const text = { schema: { type: 'string' } };
const rateHeaders = { 'RateLimit-Policy': text, RateLimit: text };

const problem = (description: string, headers: Record<string, unknown> = {}): unknown => ({
  description,
  headers,
  content: { 'application/problem+json': { schema: reference('Problem') } },
});
const answer = (description: string): unknown => ({
  description,
  headers: { 'Ingest-Rejected': { description: 'How many events were refused', schema: { type: 'integer' } }, ...rateHeaders },
  content: { 'application/json': { schema: reference('Answer') } },
});

/** The OpenAPI 3.1 document of ingest. */
export function ingestOpenApi(): Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Trueup ingest',
      version: '1',
      description: 'Takes provisioning events (CloudEvents 1.0) in all three modes of the HTTP binding.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/' }],
    paths: { '/v1/events': { post: sendEvents() }, '/v1/ingest': { get: readLimits() } },
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A token of the scope events:write; it names the tenant' },
      },
      schemas: openApiSchemas(),
    },
  };
}

function sendEvents(): unknown {
  return {
    operationId: 'sendEvents',
    summary: 'Send events; the answer says of each what became of it, once the log has it on all in-sync replicas',
    security: [{ bearer: [] }],
    parameters: [
      { name: 'atomic', in: 'query', description: 'All or nothing', schema: { type: 'string', enum: ['true', 'false'] } },
      {
        name: 'traceparent',
        in: 'header',
        description: 'W3C trace context; travels on with the events',
        schema: { type: 'string' },
      },
      ...binaryHeaders(),
    ],
    requestBody: { required: true, content: requestContent() },
    responses: {
      202: answer('Every event is accepted or a duplicate'),
      207: answer('Some events were refused'),
      422: answer('No event was acceptable; with atomic=true: not all were, and none was taken'),
      400: problem('The request cannot be read; nothing was accepted'),
      401: problem('No valid token', { 'WWW-Authenticate': text }),
      403: problem('The token lacks events:write'),
      408: problem('The request did not arrive in time'),
      413: problem('The body or the only event is too large'),
      415: problem('Another content type, charset or a compressed body'),
      429: problem('The limit of the token or of the tenant is spent; nothing was accepted', {
        'Retry-After': text,
        ...rateHeaders,
      }),
      431: problem('The headers are too large'),
      503: problem('The log did not acknowledge in time; nothing was accepted, send the same again', { 'Retry-After': text }),
    },
  };
}

function requestContent(): unknown {
  const schemas: Record<string, unknown> = {
    'application/cloudevents+json': reference('Event'),
    'application/cloudevents-batch+json': { type: 'array', minItems: 1, maxItems: 1000, items: reference('Event') },
    'application/json': reference('EventData'),
  };
  return Object.fromEntries(
    Object.entries(schemas).map(([contentType, schema]) => {
      const examples = requestExamples.filter((example) => example.contentType === contentType);
      const shown = examples.map(({ name, summary, body }) => [name, { summary, value: body }] as const);
      return [contentType, { schema, examples: Object.fromEntries(shown) }];
    }),
  );
}

function readLimits(): unknown {
  return {
    operationId: 'readLimits',
    summary: 'What a request may carry, and how much may come',
    security: [],
    responses: { 200: { description: 'The limits', content: { 'application/json': { schema: reference('Limits') } } } },
  };
}
