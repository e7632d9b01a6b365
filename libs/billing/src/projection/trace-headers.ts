import type { EventRow } from './event-row.js';

const TRACE_HEADERS = ['traceparent', 'tracestate'];

/** The W3C trace headers that events came with, by event id: a line target goes on with the trace of its last cause. */
export function traceHeadersOfRows(rows: readonly EventRow[]): Map<string, Record<string, string>> {
  return new Map(
    rows
      .filter(({ origin }) => origin.headers['traceparent'] !== undefined)
      .map(({ event, origin }) => [
        event.id,
        Object.fromEntries(Object.entries(origin.headers).filter(([name]) => TRACE_HEADERS.includes(name))),
      ]),
  );
}
