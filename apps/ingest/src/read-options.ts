import { pointerOf } from '@trueup/contracts';
import type { FastifyRequest } from 'fastify';
import { hasEventHeaders } from './binary/read-binary-event.js';
import { type ContentMode, contentModeOf } from './content-mode.js';
import { refuse, type Refusal } from './ingest-problem.js';
import { unsupportedType } from './send-problem.js';

/** What a request asks for besides its events. */
export interface RequestOptions {
  mode: ContentMode;
  isAtomic: boolean;
}

/** A second one would win or lose by chance. Node joins or drops repeats, so the raw headers are asked. */
const ONCE = new Set(['authorization', 'content-type', 'content-encoding', 'content-length', 'transfer-encoding']);

/** Reads the options of a request, or refuses, before the body is read, what it asks for and cannot have. */
export function readOptions(request: FastifyRequest): RequestOptions | Refusal {
  const { headers } = request;
  const refusal =
    refuseRepeats(request.raw.rawHeaders) ?? refuseEncoding(headers['content-encoding']) ?? refuseQuery(request.query);
  if (refusal) return refusal;
  const mode = contentModeOf(headers['content-type'] ?? '');
  if (mode === null || (mode === 'binary' && !hasEventHeaders(headers))) return unsupportedType();
  return { mode, isAtomic: (request.query as { atomic?: string }).atomic === 'true' };
}

function refuseRepeats(rawHeaders: readonly string[]): Refusal | null {
  const seen = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!.toLowerCase();
    if (!ONCE.has(name)) continue;
    if (seen.has(name)) return refuseParameter(name, `The header ${name} must be given once`, 'Must be given once');
    seen.add(name);
  }
  return null;
}

function refuseEncoding(encoding: string | undefined): Refusal | null {
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return null;
  return refuse('unsupported-media-type', 'Compressed bodies are not taken; send the body as it is', [
    { pointer: '/content-encoding', detail: 'Must be absent or identity' },
  ]);
}

function refuseQuery(query: unknown): Refusal | null {
  const parameters = query as Record<string, unknown>;
  for (const name in parameters) {
    if (name !== 'atomic') return refuseParameter(name, 'The only parameter is atomic', 'Unknown parameter');
    if (parameters[name] !== 'true' && parameters[name] !== 'false')
      return refuseParameter(name, 'atomic takes a request whole or not at all', 'Must be true or false, once');
  }
  return null;
}

function refuseParameter(name: string, detail: string, fault: string): Refusal {
  return refuse('malformed-parameter', detail, [{ pointer: pointerOf([name]), detail: fault }]);
}
