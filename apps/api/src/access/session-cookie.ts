import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from '../http/problem-error.js';

// Only https can set the first name, and only for this very host; a laptop's loopback has no https.
const safeName = '__Host-trueup';
const loopbackName = 'trueup-session';

/** The secret of the session that the request's cookie carries. */
export function sessionSecretOf(request: FastifyRequest): string | undefined {
  return request.cookies[cookieNameOf(request)];
}

/** Hands the session to the browser: no script reads it, no other site sends it with a change. */
export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, secret: string): void {
  reply.setCookie(cookieNameOf(request), secret, attributesFor(request));
}

/** Takes the cookie back, and has the browser forget what its pages kept. */
export function clearSession(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('Clear-Site-Data', '"cache", "cookies", "storage"');
  reply.clearCookie(cookieNameOf(request), attributesFor(request));
}

/**
 * Refuses a change that another site may have had a browser ask for: browsers name the site in `Origin`, and only a page of ours
 * knows the session's own token.
 */
export function refuseCrossSite(request: FastifyRequest, csrfToken: string): void {
  refuseForeignOrigin(request);
  if (request.headers['x-csrf-token'] !== csrfToken) throw refusal('Send X-CSRF-Token with the csrfToken of GET /v1/me.');
}

/** Refuses what a page of another site asks for. */
export function refuseForeignOrigin(request: FastifyRequest): void {
  const { origin, host } = request.headers;
  const isForeign = origin !== undefined && URL.parse(origin)?.host !== host;
  if (isForeign || request.headers['sec-fetch-site'] === 'cross-site')
    throw refusal('Use the console at the address of this API.');
}

function refusal(detail: string): ProblemError {
  return new ProblemError('cross-site-refused', `Nothing was changed. ${detail}`);
}

function attributesFor(request: FastifyRequest) {
  return { path: '/', httpOnly: true, secure: !isLoopback(request), sameSite: 'strict' } as const;
}

function cookieNameOf(request: FastifyRequest): string {
  return isLoopback(request) ? loopbackName : safeName;
}

/** Whether the browser itself sits on this machine: no other one can be made to send this Host. What a proxy forwards is not asked. */
function isLoopback({ headers: { host = '' } }: FastifyRequest): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(host.replace(/:\d+$/, ''));
}
