import { randomUUID, timingSafeEqual } from 'node:crypto';
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { ControlProblem } from './control-problem.js';

/** Answers one request; throws ControlProblem to refuse it. */
export interface ControlRoute {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  handle(request: IncomingMessage, parts: readonly string[]): Promise<{ status?: number; body: unknown }>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly contentType: string;
}

/** The loopback side through which tests, demos and scripts steer the runtime; opened by `tokens.control`. */
export class ControlServer {
  private readonly server: Server;

  constructor(
    private readonly token: string,
    private readonly routes: readonly ControlRoute[],
    private readonly onBug: (error: unknown) => void,
  ) {
    this.server = createServer((request, response) => {
      void this.answer(request).then(({ status, body, contentType }) => {
        response.writeHead(status, { 'content-type': contentType }).end(JSON.stringify(body));
      });
    });
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', resolve);
    });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    try {
      if (!this.isAuthorised(request))
        throw new ControlProblem('unauthenticated', { detail: 'tokens.control of endpoints.json opens it' });
      const { route, parts } = this.route(request);
      const { status = 200, body } = await route.handle(request, parts);
      return { status, body, contentType: 'application/json' };
    } catch (error) {
      return this.refusal(error);
    }
  }

  private route(request: IncomingMessage): { route: ControlRoute; parts: string[] } {
    const path = (request.url ?? '').split('?')[0]!;
    const known = this.routes.filter((route) => route.path.test(path));
    const route = known.find(({ method }) => method === request.method);
    if (route) return { route, parts: route.path.exec(path)!.slice(1).map(decodePart) };
    throw new ControlProblem(known.length > 0 ? 'method-not-allowed' : 'not-found', { detail: `${request.method} ${path}` });
  }

  private isAuthorised(request: IncomingMessage): boolean {
    const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    return timingSafeEqual(digest(given), digest(this.token));
  }

  private refusal(error: unknown): Answer {
    const isExpected = error instanceof ControlProblem;
    if (!isExpected) this.onBug(error);
    const { problem } = isExpected ? error : new ControlProblem('internal-error');
    return {
      status: problem.status,
      body: { ...problem, requestId: `req_${randomUUID()}` },
      contentType: 'application/problem+json',
    };
  }
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ControlProblem('malformed-parameter', { detail: `${part} is not percent-encoded text` });
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
