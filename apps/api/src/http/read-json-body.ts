import { findJsonFaults } from '@trueup/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError } from './problem-error.js';

const maxDepth = 32;

type Done = (error: Error | null, value?: unknown) => void;

/**
 * Reads a JSON body. Refuses `__proto__` and `constructor`, what nests deeper than anything of ours, and a member given twice: of two
 * values one would win by chance.
 */
export function jsonBodyReader(server: FastifyInstance) {
  const parse = server.getDefaultJsonParser('error', 'error');
  return (request: FastifyRequest, body: string | Buffer, done: Done): void => {
    // Many clients send the content type with every request; no body is no body.
    if (body.length === 0) return done(null, undefined);
    void parse(request, body as string, (error, value) => done(error ?? faultOf(body as string), value));
  };
}

function faultOf(text: string): ProblemError | null {
  const faults = findJsonFaults(text, maxDepth);
  if (faults.length === 0) return null;
  return new ProblemError('validation-failed', 'The body was understood but not accepted; correct what errors name.', faults);
}
