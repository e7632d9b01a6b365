import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parseAdminBody, problemsOf } from './parse-admin-body.js';
import { refuseAdminCall } from './refuse-admin-call.js';
import type { Sandbox } from './sandbox.js';

const day = z.iso.date();

const periodSchema = z
  .strictObject({
    contractId: z.int().positive().optional(),
    /** Says out loud that every contract is meant, as without a contract. */
    all: z.literal(true).optional(),
    /** First day of the billing period … */
    periodStart: day.optional(),
    /** … or any day of it. */
    date: day.optional(),
  })
  .refine(({ periodStart, date }) => (periodStart === undefined) !== (date === undefined), 'needs periodStart or date')
  .refine(({ contractId, all }) => contractId === undefined || all === undefined, 'takes contractId or all');

const spanSchema = z.strictObject({
  contractId: z.coerce.number().int().positive().optional(),
  from: day.optional(),
  to: day.optional(),
});

/** Posting and invoicing: what the PSA's own billing run does, and what it comes to. */
export function registerBillingRoutes(server: FastifyInstance, sandbox: Sandbox): void {
  server.post('/_sandbox/post-period', (request, reply) => {
    const parsed = parseAdminBody(periodSchema, request.body);
    if ('problems' in parsed) return refuseAdminCall(reply, parsed.problems);
    sandbox.settle();
    const outcome = sandbox.postPeriod(parsed.value);
    return 'problems' in outcome ? refuseAdminCall(reply, outcome.problems) : { ...outcome, lastSeq: sandbox.ledger.lastSeq };
  });
  server.get('/_sandbox/billing', (request, reply) => {
    const parsed = spanSchema.safeParse(request.query);
    if (!parsed.success) return refuseAdminCall(reply, problemsOf(parsed.error));
    sandbox.settle();
    return { ...parsed.data, lines: sandbox.billing(parsed.data) };
  });
}
