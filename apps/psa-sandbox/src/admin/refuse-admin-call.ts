import type { FastifyReply } from 'fastify';
import type { StateProblem } from './psa-model.js';

/** Answers an admin call that cannot be taken, with what is wrong where. */
export function refuseAdminCall(reply: FastifyReply, errors: readonly StateProblem[]): FastifyReply {
  const body = { title: 'The sandbox cannot take this', status: 400, errors };
  return reply.code(400).type('application/problem+json').send(body);
}
