import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clock } from './clock.js';
import { metrics } from './metrics.js';
import type { ServiceHealth } from './service-health.js';

export interface AdminOptions {
  host: string;
  port: number;
  health: ServiceHealth;
  isClockMovable: boolean;
}

type Answer = { status: number; body: unknown; contentType?: string };

/** The side of a process that operators see: /healthz, /readyz, /metrics, /inflight, and POST /clock where tests may move time. */
export class AdminServer {
  readonly #server: Server;

  constructor(private readonly options: AdminOptions) {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  async start(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.options.port, this.options.host, resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.#answer(request).catch((error: unknown) => failure(error));
    const isText = typeof answer.body === 'string';
    response.writeHead(answer.status, { 'content-type': answer.contentType ?? (isText ? 'text/plain' : 'application/json') });
    response.end(isText ? (answer.body as string) : JSON.stringify(answer.body));
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const { health } = this.options;
    switch (`${request.method} ${(request.url ?? '').split('?')[0]}`) {
      case 'GET /healthz':
        return statusOf(await health.problemsOfLife());
      case 'GET /readyz':
        return statusOf(await health.problemsOfReadiness());
      case 'GET /metrics':
        return { status: 200, body: await metrics.metrics(), contentType: metrics.contentType };
      case 'GET /inflight':
        return { status: 200, body: { inFlight: await health.underWay() } };
      case 'POST /clock':
        return this.#moveClock(await bodyOf(request));
      default:
        return { status: 404, body: { code: 'not-found' } };
    }
  }

  #moveClock(body: string): Answer {
    if (!this.options.isClockMovable) return { status: 403, body: { code: 'not-allowed', detail: 'Start with --test-clock' } };
    const offsetMs = offsetIn(body);
    if (offsetMs === undefined) return { status: 422, body: { code: 'validation-failed', errors: [{ pointer: '/offsetMs' }] } };
    clock.moveTo(offsetMs);
    return { status: 200, body: { now: clock.now().toISOString() } };
  }
}

function statusOf(problems: Record<string, string>): Answer {
  const isWell = Object.keys(problems).length === 0;
  return { status: isWell ? 200 : 503, body: isWell ? { status: 'ok' } : { status: 'failing', problems } };
}

function failure(error: unknown): Answer {
  return { status: 500, body: { code: 'internal-error', detail: error instanceof Error ? error.message : 'unknown' } };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > 10_000) return '';
  }
  return text;
}

function offsetIn(body: string): number | undefined {
  try {
    const { offsetMs } = JSON.parse(body) as { offsetMs?: unknown };
    return typeof offsetMs === 'number' && Number.isFinite(offsetMs) ? offsetMs : undefined;
  } catch {
    return undefined; // not JSON: the caller answers with the pointer
  }
}
