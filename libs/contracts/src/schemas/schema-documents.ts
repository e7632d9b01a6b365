import { z } from 'zod';
import { EVENT_TYPES } from '../events/event-data.js';
import { eventSchemaOf } from '../events/provisioning-event.js';
import { lineTarget } from '../messages/line-target.js';
import { outcome } from '../messages/outcome.js';
import { quantityChange } from '../messages/quantity-change.js';
import { internalConnections } from '../api/connection.js';

/** A committed schema: its path under libs/contracts/schemas, and its document (JSON Schema 2020-12). */
export interface SchemaDocument {
  path: string;
  document: unknown;
}

/** Every schema that other people's programs may rely on, in a fixed order. */
export function schemaDocuments(): SchemaDocument[] {
  const events = EVENT_TYPES.map((type) => document(`events/${type.replace(/^trueup\./, '')}.json`, eventSchemaOf(type)));
  return [
    ...events,
    document('messages/billing.line-targets.v1.json', lineTarget),
    document('messages/psa.quantity-changes.v1.json', quantityChange),
    document('messages/psa.outcomes.v1.json', outcome),
    document('internal/connections.v1.json', internalConnections),
  ];
}

function document(path: string, schema: z.ZodType): SchemaDocument {
  return { path, document: z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) };
}
