import { problem } from '@trueup/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ProblemError } from './problem-error.js';

/** Answers a problem (RFC 9457) with the request's id and the headers that belong to its status. */
export function sendProblem(reply: FastifyReply, request: FastifyRequest, refusal: ProblemError): void {
  if (refusal.status === 401) reply.header('WWW-Authenticate', challengeOf(request));
  if (refusal.code === 'idempotency-in-progress') reply.header('Retry-After', '1');
  if (refusal.status === 503) reply.header('Retry-After', '2');
  const { code, detail, errors } = refusal;
  reply
    .status(refusal.status)
    .type('application/problem+json')
    .send(JSON.stringify(problem(code, { detail, requestId: request.id, ...(errors && { errors }) })));
}

function challengeOf(request: FastifyRequest): string {
  const hasToken = request.headers.authorization !== undefined;
  return hasToken ? 'Bearer realm="trueup", error="invalid_token"' : 'Bearer realm="trueup"';
}
