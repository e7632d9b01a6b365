import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { registerBillingRoutes } from './billing-routes.js';
import { faultSchema, internalCallSchema } from './fault-schema.js';
import { toPsaCall } from './psa-call.js';
import type { StateProblem } from './psa-model.js';
import { registerPage } from './page/page-routes.js';
import { parseAdminBody } from './parse-admin-body.js';
import { refuseAdminCall } from './refuse-admin-call.js';
import type { SandboxClock } from './sandbox-clock.js';
import type { Sandbox } from './sandbox.js';

const clockSchema = z.union([
  z.strictObject({ offsetMs: z.number() }),
  z.strictObject({ set: z.iso.datetime({ offset: true }) }),
]);

/** The side of a sandbox that tests and demos hold: the same for every PSA. */
export function registerAdminRoutes(server: FastifyInstance, sandbox: Sandbox, clock: SandboxClock): void {
  registerLedger(server, sandbox);
  registerState(server, sandbox);
  registerFaults(server, sandbox);
  registerClock(server, clock);
  registerBillingRoutes(server, sandbox);
  registerPage(server, sandbox);
}

function registerLedger(server: FastifyInstance, sandbox: Sandbox): void {
  server.get<{ Querystring: { since?: string } }>('/_sandbox/effects', (request) => {
    sandbox.settle();
    const since = Number(request.query.since ?? 0);
    return { effects: sandbox.ledger.since(since || 0), lastSeq: sandbox.ledger.lastSeq };
  });
  server.get<{ Querystring: { since?: string } }>('/_sandbox/calls', (request) => {
    const since = Number(request.query.since ?? 0);
    return { calls: sandbox.journal.since(since || 0), lastSeq: sandbox.journal.lastSeq };
  });
  server.get('/_sandbox/stats', () => sandbox.stats.report(sandbox.now()));
  server.delete('/_sandbox/stats', (_request, reply) => {
    sandbox.stats.clear();
    return reply.code(204).send();
  });
  server.post('/_sandbox/calls', (request, reply) => {
    const parsed = parseAdminBody(internalCallSchema, request.body);
    if ('problems' in parsed) return refuseAdminCall(reply, parsed.problems);
    sandbox.settle();
    return sandbox.call(toPsaCall(parsed.value), { by: 'admin', isTrusted: true });
  });
}

function registerState(server: FastifyInstance, sandbox: Sandbox): void {
  server.get('/_sandbox/state', () => {
    sandbox.settle();
    return sandbox.state();
  });
  server.get<{ Params: { name: string } }>('/_sandbox/examples/:name', (request, reply) => {
    const example = sandbox.model.example(request.params.name, sandbox.now());
    return example ?? reply.code(404).send({ title: 'There is no example of that name', status: 404 });
  });
  const takers = {
    PUT: (state: object) => sandbox.replaceState(state),
    PATCH: (state: object) => sandbox.changeState(state),
    POST: (records: object) => sandbox.addRecords(records),
  };
  for (const [method, take] of Object.entries(takers)) {
    server.route({ method, url: '/_sandbox/state', handler: (request, reply) => takeState(sandbox, take, request, reply) });
  }
}

function takeState(
  sandbox: Sandbox,
  take: (given: object) => StateProblem[],
  request: FastifyRequest,
  reply: FastifyReply,
): object {
  const parsed = parseAdminBody(z.looseObject({}), request.body);
  if ('problems' in parsed) return refuseAdminCall(reply, parsed.problems);
  sandbox.settle();
  const problems = take(parsed.value);
  return problems.length > 0 ? refuseAdminCall(reply, problems) : { lastSeq: sandbox.ledger.lastSeq };
}

function registerFaults(server: FastifyInstance, sandbox: Sandbox): void {
  server.get('/_sandbox/faults', () => ({ faults: sandbox.faults.remaining() }));
  server.delete('/_sandbox/faults', (_request, reply) => {
    sandbox.faults.clear();
    return reply.code(204).send();
  });
  server.post('/_sandbox/faults', (request, reply) => {
    const parsed = parseAdminBody(faultSchema, request.body);
    if ('problems' in parsed) return refuseAdminCall(reply, parsed.problems);
    return reply.code(201).send({ id: sandbox.faults.add(parsed.value) });
  });
}

function registerClock(server: FastifyInstance, clock: SandboxClock): void {
  const reading = () => ({ now: clock.now().toISOString(), offsetMs: clock.offsetMs() });
  server.get('/_sandbox/clock', reading);
  server.post('/_sandbox/clock', (request, reply) => {
    const parsed = parseAdminBody(clockSchema, request.body);
    if ('problems' in parsed) return refuseAdminCall(reply, parsed.problems);
    clock.moveTo('offsetMs' in parsed.value ? parsed.value.offsetMs : offsetTo(clock, parsed.value.set));
    return reading();
  });
}

function offsetTo(clock: SandboxClock, instant: string): number {
  const ahead = new Date(instant).getTime() - clock.now().getTime();
  return clock.offsetMs() + ahead;
}
