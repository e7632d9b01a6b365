import type { FastifyInstance } from 'fastify';
import type { Sandbox } from '../sandbox.js';
import { mainPart, pageScript, wholePage } from './page.js';

/** Nothing that the records hold can run or load anything, even if it got past the escaping. */
const POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; base-uri 'none'";

/** The page on which somebody watches the sandbox. */
export function registerPage(server: FastifyInstance, sandbox: Sandbox): void {
  server.get<{ Querystring: { find?: string; part?: string } }>('/_sandbox/', (request, reply) => {
    sandbox.settle();
    const { find = '', part } = request.query;
    const { text } = part === 'main' ? mainPart(sandbox, String(find)) : wholePage(sandbox, String(find));
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', POLICY)
      .header('cache-control', 'no-store')
      .send(text);
  });
  server.get('/_sandbox', (_request, reply) => reply.redirect('/_sandbox/'));
  server.get('/_sandbox/page.js', (_request, reply) => reply.type('text/javascript; charset=utf-8').send(pageScript));
}
