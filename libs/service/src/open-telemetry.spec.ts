import { trace } from '@opentelemetry/api';
import fastify, { type FastifyInstance } from 'fastify';
import { once } from 'node:events';
import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from './logger.js';
import { startOpenTelemetry } from './open-telemetry.js';

interface SentSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
}

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const received: SentSpan[] = [];
const logged: string[] = [];
let receiver: Server;
let server: FastifyInstance;
let stopTracing: () => Promise<void>;

async function keep(request: IncomingMessage): Promise<void> {
  const body = JSON.parse(await text(request)) as { resourceSpans: { scopeSpans: { spans: SentSpan[] }[] }[] };
  const spans = body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  if (request.url === '/v1/traces') received.push(...spans);
}

/** A receiver of OTLP over HTTP that keeps the spans. */
beforeAll(async () => {
  receiver = createServer((request, response) => void keep(request).then(() => response.end('{}')));
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  stopTracing = startOpenTelemetry({ service: 'spec', url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}` });
  server = fastify();
  server.post('/v1/things/:id', (_request, reply) => {
    trace.getTracer('spec').startSpan('inner').end();
    createLogger('spec', 'info', { write: (line) => void logged.push(line) }).info('inside');
    return reply.send({});
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => {
  receiver.closeAllConnections();
  receiver.close();
});

describe('tracing', () => {
  it("puts a request's work below its caller's span, and takes no identity from baggage or tracestate", async () => {
    const url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}/v1/things/17`;
    const traceparent = `00-${TRACE_ID}-${CALLER}-01`;
    const headers = { traceparent, tracestate: 'vendor=1', baggage: 'tenant=ten_other', 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body: '{"a":1}' });
    await answer.text();
    await server.close(); // the span ends with the answer
    await stopTracing();
    const request = received.find(({ name }) => name === 'POST /v1/things/:id');
    expect(request).toMatchObject({ traceId: TRACE_ID, parentSpanId: CALLER });
    const inner = received.find(({ name }) => name === 'inner');
    expect(inner).toMatchObject({ traceId: TRACE_ID, parentSpanId: request!.spanId });
    expect(JSON.parse(logged[0]!)).toMatchObject({ traceId: TRACE_ID });
    expect(JSON.stringify(received)).not.toMatch(/ten_other|vendor=1/);
  });
});
