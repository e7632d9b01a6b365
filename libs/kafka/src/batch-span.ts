import { type Context, type Link, ROOT_CONTEXT, SpanKind, SpanStatusCode, context, propagation, trace } from '@opentelemetry/api';
import type { RecordBatch } from './log-record.js';

const MOST_LINKS = 100;

/**
 * Runs a handler inside the span of its batch, which links to the spans that its records come from; records of one trace alone make it
 * a child of theirs. Without tracing only the work runs.
 */
export async function inBatchSpan<T>(batch: RecordBatch, work: () => Promise<T>): Promise<T> {
  if (propagation.fields().length === 0) return work(); // nobody traces
  const { parent, links } = originsOf(batch);
  const attributes = {
    'messaging.system': 'kafka',
    'messaging.operation.type': 'process',
    'messaging.destination.name': batch.topic,
    'messaging.destination.partition.id': String(batch.partition),
    'messaging.batch.message_count': batch.records.length,
  };
  const tracer = trace.getTracer('trueup');
  const span = tracer.startSpan(`process ${batch.topic}`, { kind: SpanKind.CONSUMER, attributes, links }, parent);
  try {
    return await context.with(trace.setSpan(parent, span), work);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

function originsOf({ records }: RecordBatch): { parent: Context; links: Link[] } {
  const traceparents = new Map(records.map(({ headers }) => [headers['traceparent'], headers]));
  const origins = [...traceparents.values()].slice(0, MOST_LINKS).map((headers) => propagation.extract(ROOT_CONTEXT, headers));
  const links = origins.flatMap((origin) => {
    const from = trace.getSpanContext(origin);
    return from ? [{ context: from }] : [];
  });
  const isOneTrace = traceparents.size <= MOST_LINKS && new Set(links.map((link) => link.context.traceId)).size === 1;
  return { parent: (isOneTrace && origins.find((origin) => trace.getSpanContext(origin))) || ROOT_CONTEXT, links };
}
