import { randomBytes } from 'node:crypto';
import { type SpanContext, trace } from '@opentelemetry/api';

/** W3C trace headers, as they stand on records and in events. */
export interface TraceHeaders {
  traceparent?: string;
  tracestate?: string;
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const NOTHING = /^0+$/;

/** The trace headers of a record, absent when it has no valid ones. */
export function traceHeadersOf(headers: Readonly<Record<string, string>>): TraceHeaders {
  const { traceparent, tracestate } = headers;
  if (!traceparent || !isTraceparent(traceparent)) return {};
  return tracestate ? { traceparent, tracestate } : { traceparent };
}

/** A step below the given one in the same trace, the span under way if it is of that trace; without a given one, of the span under way, else of a new trace. */
export function childTraceparent(traceparent: string | undefined): string {
  const found = traceparent && isTraceparent(traceparent) ? TRACEPARENT.exec(traceparent) : null;
  const active = trace.getActiveSpan()?.spanContext();
  if (active && (found?.[1] ?? active.traceId) === active.traceId) return ofSpan(active);
  const traceId = found?.[1] ?? randomBytes(16).toString('hex');
  return `00-${traceId}-${randomBytes(8).toString('hex')}-${found?.[3] ?? '01'}`;
}

function ofSpan({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

function isTraceparent(text: string): boolean {
  const found = TRACEPARENT.exec(text);
  return found !== null && !NOTHING.test(found[1]!) && !NOTHING.test(found[2]!);
}
