import type { FastifyRequest } from 'fastify';
import { refuse, type Refusal } from './ingest-problem.js';

/** Refuses what a request asks for and cannot have, before its body is read. */
export function refuseOptions(request: FastifyRequest): Refusal | null {
  const { atomic } = request.query as { atomic?: unknown };
  if (atomic !== undefined && atomic !== 'false') {
    return refuse('malformed-parameter', 'atomic is not offered yet; send without it and read the result of each event', [
      { pointer: '/atomic', detail: 'Must be absent or false' },
    ]);
  }
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    return refuse('unsupported-media-type', `Content-Encoding ${encoding} is not supported; send the body as it is`);
  }
  return null;
}
