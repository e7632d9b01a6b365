import { z } from 'zod';
import { eventAttributes } from '../events/provisioning-event.js';
import type { EventType } from '../events/event-data.js';

type JsonSchema = Record<string, unknown>;

/** W3C trace context, on every record of every topic. */
export const traceHeaders: JsonSchema = {
  traceparent: { type: 'string', description: 'W3C trace context: the step that wrote the record' },
  tracestate: { type: 'string', description: 'W3C trace context of other tracing systems' },
};

const TRACE = new Set(Object.keys(traceHeaders));

/** Headers of an event of one type in Kafka binary mode. */
export function eventHeaders(type: EventType): JsonSchema {
  const { properties = {}, required = [] } = z.toJSONSchema(eventAttributes, { io: 'input', unrepresentable: 'any' });
  const attributes = Object.entries(properties).filter(([name]) => !TRACE.has(name));
  return {
    type: 'object',
    properties: {
      'content-type': { const: 'application/json' },
      ce_type: { const: type },
      ce_tenantid: { type: 'string', description: 'The tenant that the token of the sender names' },
      ce_recordedat: { type: 'string', format: 'date-time', description: 'When ingest took the event' },
      ...Object.fromEntries(attributes.map(([name, schema]) => [`ce_${name}`, schema])),
      ...traceHeaders,
    },
    required: ['ce_type', 'ce_tenantid', 'ce_recordedat', ...required.map((name) => `ce_${name}`)],
  };
}
