import type { FieldError } from '../problems.js';
import { fieldErrorsOf } from '../problems.js';
import { eventData, type EventType } from './event-data.js';
import { eventAttributes, type ProvisioningEvent } from './provisioning-event.js';
import { soundEvent } from './sound-event.js';

/** Parsed event, or every problem with its JSON pointer into the event. */
export type ParsedEvent = { event: ProvisioningEvent } | { errors: FieldError[] };

const KNOWN = new Set([...Object.keys(eventAttributes.shape), 'type', 'data']);
const EXTENSION_NAME = /^[a-z0-9]{1,20}$/;
const FUTURE_TOLERANCE_MS = 5 * 60_000;

/**
 * Reads one CloudEvent in structured form. Unknown extension attributes are accepted (lower-case letters and digits, scalar values)
 * and not kept. Pass `now` to refuse events more than five minutes ahead; a consumer of accepted events leaves it out.
 */
export function parseEvent(input: unknown, now?: Date): ParsedEvent {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return { errors: [{ pointer: '', detail: 'Must be a JSON object' }] };
  }
  const raw = input as Record<string, unknown>;
  const event = soundEvent(raw);
  return event && timeErrors(event.time, now).length === 0 ? { event } : parseInFull(raw, now);
}

/** The same by the schemas alone: slower, and it knows every fault. */
export function parseInFull(raw: Record<string, unknown>, now?: Date): ParsedEvent {
  const attributes = eventAttributes.safeParse(raw);
  const errors: FieldError[] = attributes.success ? [] : fieldErrorsOf(attributes.error);
  errors.push(...extensionErrors(raw), ...timeErrors(attributes.data?.time, now));
  const schema = schemaOf(raw['type']);
  if (schema === undefined) return { errors: [...errors, typeError(raw['type'])] };
  const data = schema.safeParse(raw['data'] ?? undefined);
  if (!data.success) errors.push(...fieldErrorsOf(data.error, '/data'));
  if (errors.length > 0 || !attributes.success || !data.success) return { errors };
  return { event: { ...attributes.data, type: raw['type'], data: data.data } as ProvisioningEvent };
}

function schemaOf(type: unknown) {
  return typeof type === 'string' && Object.hasOwn(eventData, type) ? eventData[type as EventType] : undefined;
}

function typeError(type: unknown): FieldError {
  return { pointer: '/type', detail: typeof type === 'string' ? 'Unknown event type' : 'Required' };
}

function extensionErrors(raw: Record<string, unknown>): FieldError[] {
  return Object.keys(raw)
    .filter((name) => !KNOWN.has(name) && !isExtension(name, raw[name]))
    .map((name) => ({
      pointer: `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      detail: 'Extension attributes have lower-case names of letters and digits (at most 20) and plain values',
    }));
}

function isExtension(name: string, value: unknown): boolean {
  return EXTENSION_NAME.test(name) && ['string', 'number', 'boolean'].includes(typeof value);
}

function timeErrors(time: string | undefined, now: Date | undefined): FieldError[] {
  const isAhead = now !== undefined && time !== undefined && Date.parse(time) > now.getTime() + FUTURE_TOLERANCE_MS;
  return isAhead ? [{ pointer: '/time', detail: 'Lies more than five minutes in the future' }] : [];
}
