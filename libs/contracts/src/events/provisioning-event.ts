import { z } from 'zod';
import { instant } from '../instant.js';
import type { Actor } from '../api/item.js';
import { code, printableText } from '../text.js';
import { eventData, type EventDataOf, type EventType } from './event-data.js';

/** Attributes of a provisioning event besides `type` and `data`: CloudEvents 1.0.2 context and our extensions. */
export const eventAttributes = z.object({
  specversion: z.literal('1.0'),
  id: printableText(256),
  source: printableText(256),
  time: instant,
  subject: code,
  datacontenttype: z
    .string()
    .regex(/^application\/(.+\+)?json(;.*)?$/i, 'Must be a JSON media type')
    .optional(),
  dataschema: printableText(512).optional(),
  actorid: printableText(256).optional(),
  actorname: printableText(256).optional(),
  actorkind: z.enum(['person', 'script', 'system']).optional(),
  onbehalfof: printableText(256).optional(),
  ticket: printableText(256).optional(),
  correlationid: printableText(256).optional(),
  sourceseq: z
    .string()
    .regex(/^\d{1,36}$/, 'Must be decimal digits, at most 36')
    .optional(),
  traceparent: printableText(128).optional(),
  tracestate: printableText(512).optional(),
});

export type EventAttributes = z.output<typeof eventAttributes>;

type Typed<T extends EventType> = EventAttributes & { type: T; data: EventDataOf<T> };

/** One provisioning event. `subject` is the customer code; a union over `type`. */
export type ProvisioningEvent = { [T in EventType]: Typed<T> }[EventType];

/** The actor that an event names; empty when it names none. */
export function actorOf(event: EventAttributes): Actor {
  return {
    ...(event.actorid !== undefined && { id: event.actorid }),
    ...(event.actorname !== undefined && { name: event.actorname }),
    ...(event.actorkind !== undefined && { kind: event.actorkind }),
    ...(event.onbehalfof !== undefined && { onBehalfOf: event.onbehalfof }),
  };
}

/** JSON Schema source of one event type: attributes and data together. */
export function eventSchemaOf(type: EventType) {
  return eventAttributes.extend({ type: z.literal(type), data: eventData[type] });
}
