import type { FieldError } from '../problems.js';
import { eventAttributes, type ProvisioningEvent } from './provisioning-event.js';
import { parseEvent } from './parse-event.js';

/** A CloudEvent in Kafka binary mode: attributes as `ce_*` headers, data as the value. */
export interface EventRecord {
  value: string;
  headers: Record<string, string>;
}

/** An event read back from its topic, with the tenant that its token named and the instant at which ingest took it. */
export interface RecordedEvent {
  tenantId: string;
  recordedAt: string;
  event: ProvisioningEvent;
}

const ATTRIBUTES = [...Object.keys(eventAttributes.shape), 'type'] as (keyof ProvisioningEvent)[];
const TRACE = new Set<string>(['traceparent', 'tracestate']);

/** Headers and value of an accepted event. Trace attributes travel as the W3C headers of the record. */
export function toEventRecord({ tenantId, recordedAt, event }: RecordedEvent): EventRecord {
  const headers: Record<string, string> = {
    ce_tenantid: tenantId,
    ce_recordedat: recordedAt,
    'content-type': 'application/json',
  };
  for (const attribute of ATTRIBUTES) {
    const value = event[attribute];
    if (typeof value === 'string') headers[TRACE.has(attribute) ? attribute : `ce_${attribute}`] = value;
  }
  return { value: JSON.stringify(event.data), headers };
}

/** The event of a record, or why it is none; never throws. */
export function fromEventRecord(record: {
  value: Buffer | string | null;
  headers: Readonly<Record<string, string>>;
}): RecordedEvent | { errors: FieldError[] } {
  const { ce_tenantid: tenantId, ce_recordedat: recordedAt } = record.headers;
  if (!tenantId || !recordedAt)
    return { errors: [{ pointer: '', detail: 'Headers ce_tenantid and ce_recordedat are required' }] };
  const data = parseJson(record.value);
  if (data === undefined) return { errors: [{ pointer: '/data', detail: 'Must be JSON' }] };
  const parsed = parseEvent({ ...attributesIn(record.headers), data });
  return 'errors' in parsed ? parsed : { tenantId, recordedAt, event: parsed.event };
}

function attributesIn(headers: Readonly<Record<string, string>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const attribute of ATTRIBUTES) {
    const value = headers[TRACE.has(attribute) ? attribute : `ce_${attribute}`];
    if (value !== undefined) found[attribute] = value;
  }
  return found;
}

function parseJson(value: Buffer | string | null): unknown {
  if (value === null) return undefined;
  try {
    return JSON.parse(value.toString());
  } catch {
    return undefined; // expected outcome of a foreign producer: the caller quarantines the record
  }
}
