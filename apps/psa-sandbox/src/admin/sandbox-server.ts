import { setTimeout as delay } from 'node:timers/promises';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { registerAdminRoutes } from './admin-routes.js';
import type { Fault } from './fault-schema.js';
import { performCall, type Performance } from './perform-call.js';
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
  const at = sandbox.now();
  sandbox.stats.begin(endpoint, thread, at);
  try {
    write(sandbox, call, at, await answerWithinLimits(sandbox, call, thread, reply));
  } finally {
    sandbox.stats.end(endpoint, thread);
  }
  return reply;
}

/** What a call has met: the answer, how it ended, and the faults that hit it. */
interface Met extends Performance {
  readonly faults: readonly Fault[];
}

function write(sandbox: Sandbox, call: PsaCall, at: Date, { answer, ending, faults }: Met): void {
  sandbox.journal.add({
    at: at.toISOString(),
    endedAt: sandbox.now().toISOString(),
    method: call.method,
    path: call.path,
    isWrite: sandbox.model.isWrite(call),
    caller: sandbox.model.callerOf(call) ?? null,
    status: ending === 'whole' ? answer.status : null,
    retryAfter: answer.headers?.['retry-after'] ?? null,
    faults: faults.map(({ kind }) => kind),
  });
}

async function answerWithinLimits(
  sandbox: Sandbox,
  call: PsaCall,
  thread: string | undefined,
  reply: FastifyReply,
): Promise<Met> {
  const admission = sandbox.admit(thread);
  if ('refusal' in admission) {
    const refused = { answer: admission.refusal, ending: 'whole' } as const;
    await sendAnswer(reply, refused);
    return { ...refused, faults: [] };
  }
  if (admission.delayMs > 0) await delay(admission.delayMs);
  return answerUnderFaults(sandbox, call, reply);
}

async function answerUnderFaults(sandbox: Sandbox, call: PsaCall, reply: FastifyReply): Promise<Met> {
  const faults = sandbox.faults.take(call, sandbox.model.isWrite(call));
  await waitFor(faults, 'before');
  sandbox.settle();
  const performance = performCall(sandbox, call, faults);
  await waitFor(faults, 'after');
  await sendAnswer(reply, performance);
  return { ...performance, faults };
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
