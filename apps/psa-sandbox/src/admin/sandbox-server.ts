import { setTimeout as delay } from 'node:timers/promises';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { registerAdminRoutes } from './admin-routes.js';
import type { Fault } from './fault-schema.js';
import { performCall } from './perform-call.js';
import type { PsaCall } from './psa-call.js';
import type { SandboxClock } from './sandbox-clock.js';
import type { Sandbox } from './sandbox.js';
import { sendAnswer } from './send-answer.js';

const BODY_LIMIT_BYTES = 64 * 1024 * 1024;

/** The HTTP side of a sandbox: the PSA on every path, the admin side under `/_sandbox`. */
export function createSandboxServer(sandbox: Sandbox, clock: SandboxClock): FastifyInstance {
  const server = fastify({ bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: true });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  registerAdminRoutes(server, sandbox, clock);
  server.all('/*', (request, reply) => handle(sandbox, request, reply));
  return server;
}

async function handle(sandbox: Sandbox, request: FastifyRequest, reply: FastifyReply) {
  const call = callOf(request);
  const endpoint = sandbox.model.endpointOf(call);
  const thread = sandbox.model.threadOf(call);
  sandbox.stats.begin(endpoint, thread, sandbox.now());
  try {
    await answerWithinLimits(sandbox, call, thread, reply);
  } finally {
    sandbox.stats.end(endpoint, thread);
  }
  return reply;
}

async function answerWithinLimits(sandbox: Sandbox, call: PsaCall, thread: string | undefined, reply: FastifyReply) {
  const admission = sandbox.admit(thread);
  if ('refusal' in admission) return sendAnswer(reply, { answer: admission.refusal, ending: 'whole' });
  if (admission.delayMs > 0) await delay(admission.delayMs);
  return answerUnderFaults(sandbox, call, reply);
}

async function answerUnderFaults(sandbox: Sandbox, call: PsaCall, reply: FastifyReply) {
  const faults = sandbox.faults.take(call, sandbox.model.isWrite(call));
  await waitFor(faults, 'before');
  sandbox.settle();
  const performance = performCall(sandbox, call, faults);
  await waitFor(faults, 'after');
  sendAnswer(reply, performance);
}

async function waitFor(faults: readonly Fault[], when: 'before' | 'after'): Promise<void> {
  for (const fault of faults) if (fault.kind === 'slow' && fault.when === when) await delay(fault.ms);
}

function callOf(request: FastifyRequest): PsaCall {
  const [path = '/', query = ''] = request.raw.url!.split(/\?(.*)/s);
  return {
    method: request.method,
    path,
    query: new URLSearchParams(query),
    headers: request.headers as Record<string, string | undefined>,
    bodyText: typeof request.body === 'string' ? request.body : undefined,
    origin: `${request.protocol}://${request.host}`,
  };
}
