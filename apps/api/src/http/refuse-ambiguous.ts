import type { FastifyRequest } from 'fastify';
import { ProblemError, malformedParameter } from './problem-error.js';

/** A second one would win or lose by chance. Node joins or drops repeats, so the raw headers are asked. */
const once = new Set([
  'authorization',
  'content-encoding',
  'content-type',
  'host',
  'idempotency-key',
  'if-match',
  'origin',
  'x-csrf-token',
]);

/** Refuses, before the body is read, headers that two readers could understand in two ways, and bodies that would grow. */
export function refuseAmbiguous({ headers, raw }: Pick<FastifyRequest, 'headers' | 'raw'>): void {
  const seen = new Set<string>();
  for (const name of raw.rawHeaders.filter((_, index) => index % 2 === 0).map((text) => text.toLowerCase())) {
    if (once.has(name) && seen.has(name)) throw malformedParameter(name, 'Must be given once');
    seen.add(name);
  }
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return;
  throw new ProblemError('unsupported-media-type', 'Compressed bodies are not taken; send the body as it is.');
}
