import { isUtf8 } from 'node:buffer';
import { ingestLimits } from './ingest-limits.js';
import { refuse, type Refusal } from './ingest-problem.js';

/** The events of a body, not yet looked at, or why the whole body is refused. */
export function readEnvelope(contentType: string, body: Buffer): { inputs: unknown[] } | Refusal {
  const parsed = parseJson(body);
  if (parsed === undefined)
    return refuse('malformed-body', 'The body must be JSON in UTF-8', [{ pointer: '', detail: 'Must be JSON' }]);
  return isBatchType(contentType) ? readBatch(parsed.value) : readSingle(parsed.value);
}

function isBatchType(contentType: string): boolean {
  return contentType.trimStart().toLowerCase().startsWith('application/cloudevents-batch+json');
}

function readBatch(value: unknown): { inputs: unknown[] } | Refusal {
  if (!Array.isArray(value)) return malformed('A batch must be a JSON array of events');
  if (value.length === 0) return malformed(`A batch must hold 1 to ${ingestLimits.maxEvents} events`);
  if (value.length > ingestLimits.maxEvents)
    return refuse('too-large', `A batch may hold at most ${ingestLimits.maxEvents} events; send several`);
  return { inputs: value };
}

function readSingle(value: unknown): { inputs: unknown[] } | Refusal {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return malformed('One event must be a JSON object; send arrays as application/cloudevents-batch+json');
  }
  return { inputs: [value] };
}

function malformed(detail: string): Refusal {
  return refuse('malformed-body', detail, [{ pointer: '', detail }]);
}

function parseJson(body: Buffer): { value: unknown } | undefined {
  if (!isUtf8(body)) return undefined;
  try {
    return { value: JSON.parse(body.toString('utf8')) as unknown };
  } catch {
    return undefined; // expected of foreign input: the caller answers 400
  }
}
