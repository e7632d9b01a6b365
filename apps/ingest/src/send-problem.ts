import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ingestLimits } from './ingest-limits.js';
import { refuse, type Refusal } from './ingest-problem.js';

/** Answers with problem+json; the request id finds the request in the logs. */
export function sendRefusal(request: FastifyRequest, reply: FastifyReply, { problem, headers }: Refusal): FastifyReply {
  const body = JSON.stringify({ ...problem, requestId: request.id });
  // Whatever is refused unread would else be listened to until its end.
  if (isLong(request)) reply.header('connection', 'close');
  return reply.code(problem.status).headers(headers).header('content-type', 'application/problem+json; charset=utf-8').send(body);
}

function isLong({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > ingestLimits.maxBodyBytes;
}

/** What Fastify refused before the handler, in our words; anything else is a fault of ours and says nothing about its inside. */
export function problemOfHttpError(error: Pick<FastifyError, 'statusCode' | 'message'>): Refusal {
  switch (error.statusCode) {
    case 413:
      return refuse('too-large', `A body may have at most ${ingestLimits.maxBodyBytes} bytes; send several`);
    case 415:
      return unsupportedType();
    case 404:
    case 405:
      return refuse(error.statusCode === 404 ? 'not-found' : 'method-not-allowed', 'There is POST /v1/events and GET /v1/ingest');
    case 400:
      return refuse('malformed-body', 'The request cannot be read', [
        { pointer: '', detail: 'Must be a JSON body with a correct Content-Length' },
      ]);
    default:
      return refuse('internal-error', 'The request was not taken; the request id finds the reason in the logs');
  }
}

/** The types that are taken, each with its use. */
export function unsupportedType(): Refusal {
  const [single, batch, binary] = ingestLimits.contentTypes;
  return refuse(
    'unsupported-media-type',
    `Send ${single} (one event), ${batch} (several), or ${binary} with ce-* headers, in UTF-8`,
    [{ pointer: '/content-type', detail: `Must be one of ${ingestLimits.contentTypes.join(', ')}; charset utf-8` }],
  );
}
