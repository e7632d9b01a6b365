import { subscribe } from 'node:diagnostics_channel';
import { type Context, SpanKind, SpanStatusCode, context, propagation, trace } from '@opentelemetry/api';

interface Request {
  method: string;
  headers: Record<string, unknown>;
  routeOptions?: { url?: string | undefined };
}

type Done = () => void;
interface TraceableServer {
  addHook(name: 'onRequest' | 'preHandler', hook: (request: Request, reply: unknown, done: Done) => void): unknown;
  addHook(name: 'onResponse', hook: (request: Request, reply: { statusCode: number }, done: Done) => void): unknown;
}

/** One span for each request of every Fastify server that this process makes from now on, below the caller's. */
export function traceServers(): void {
  subscribe('fastify.initialization', (message) => traceRequests((message as { fastify: TraceableServer }).fastify));
}

function traceRequests(server: TraceableServer): void {
  const contexts = new WeakMap<Request, Context>();
  server.addHook('onRequest', (request, _reply, done) => {
    const route = request.routeOptions?.url ?? '(none)';
    const parent = propagation.extract(context.active(), request.headers);
    const attributes = { 'http.request.method': request.method, 'http.route': route };
    const span = trace.getTracer('trueup').startSpan(`${request.method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent);
    const own = trace.setSpan(parent, span);
    contexts.set(request, own);
    context.with(own, done);
  });
  // The body arrives in events of the socket, which know nothing of the request.
  server.addHook('preHandler', (request, _reply, done) => context.with(contexts.get(request) ?? context.active(), done));
  server.addHook('onResponse', (request, { statusCode }, done) => {
    const span = trace.getSpan(contexts.get(request) ?? context.active());
    span?.setAttribute('http.response.status_code', statusCode);
    if (statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
    done();
  });
}
