import { subscribe } from 'node:diagnostics_channel';
import { Counter, Histogram } from 'prom-client';
import { metrics } from './metrics.js';

interface Request {
  method: string;
  /** The route's pattern, absent when none matched. */
  routeOptions?: { url?: string | undefined };
}

interface Reply {
  statusCode: number;
  /** Milliseconds since the request came. */
  elapsedTime: number;
}

/** The part of Fastify that is needed. */
interface HookableServer {
  addHook(name: 'onResponse', hook: (request: Request, reply: Reply, done: () => void) => void): unknown;
}

const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

const requests = new Counter({
  name: 'trueup_http_requests_total',
  help: "Requests answered, by the route's pattern (never the path itself) and the class of the status: 2xx, 4xx, 5xx",
  labelNames: ['method', 'route', 'status'],
  registers: [metrics],
});

const durations = new Histogram({
  name: 'trueup_http_request_seconds',
  help: "Time from a request's first byte to the end of its answer, by the route's pattern",
  labelNames: ['method', 'route'],
  buckets: REQUEST_SECONDS,
  registers: [metrics],
});

/** Counts and times the requests of every Fastify server that this process makes from now on, before its first route is added. */
export function watchServers(): void {
  subscribe('fastify.initialization', (message) => watchRequests((message as { fastify: HookableServer }).fastify));
}

/** Counts and times every request of one server. */
export function watchRequests(server: HookableServer): void {
  server.addHook('onResponse', ({ method, routeOptions }, { statusCode, elapsedTime }, done) => {
    const route = routeOptions?.url ?? '(none)';
    const known = KNOWN_METHODS.has(method) ? method : 'other';
    requests.inc({ method: known, route, status: `${Math.floor(statusCode / 100)}xx` });
    durations.observe({ method: known, route }, elapsedTime / 1_000);
    done();
  });
}
