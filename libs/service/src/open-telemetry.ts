import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { traceServers } from './trace-servers.js';
import { TraceparentPropagator } from './traceparent-propagator.js';

export interface OpenTelemetryOptions {
  service: string;
  /** Base address of an OTLP/HTTP receiver; spans go to its `/v1/traces`. */
  url: string;
  /** How long spans are gathered before they are sent. Default 2,000. */
  gatherMs?: number;
}

const GATHER_MS = 2_000;

/** Starts to record and send spans. Loaded only where a receiver is configured: without one nothing of it is in memory. Returns how to send the rest and stop. */
export function startOpenTelemetry({ service, url, gatherMs = GATHER_MS }: OpenTelemetryOptions): () => Promise<void> {
  const exporter = new OTLPTraceExporter({ url: `${url.replace(/\/$/, '')}/v1/traces` });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'trueup' }),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: gatherMs })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new TraceparentPropagator());
  trace.setGlobalTracerProvider(provider);
  traceServers();
  return () => provider.shutdown();
}
