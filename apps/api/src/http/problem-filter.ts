import { Catch, HttpException } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { MalformedCursor } from '@trueup/billing';
import { isEnvironmentError, sqlStateOf } from '@trueup/persistence';
import type { ProblemCode } from '@trueup/contracts';
import type { Logger } from '@trueup/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError, malformedParameter } from './problem-error.js';
import { sendProblem } from './send-problem.js';

/** Every error leaves the house here: as a problem that names a remedy, never as a stack trace. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const refusal = refusalOf(error);
    if (refusal.status >= 500) this.logger.error({ err: error, requestId: request.id }, 'request failed');
    else if (watched.has(refusal.status)) this.logger.warn(toldOf(request, refusal), 'request refused');
    sendProblem(reply, request, refusal);
  }
}

/** Refusals by which somebody who tries doors shows: not let in, not allowed, not believed, too often. */
const watched = new Set([400, 401, 403, 415, 422, 429]);

/** Who asked for what, and why not; never what the request held. */
function toldOf({ id: requestId, method, routeOptions, ip, principal }: FastifyRequest, { status, code }: ProblemError) {
  const { tenantId, tokenId, person } = principal ?? {};
  const route = routeOptions.url ?? '(none)';
  return { requestId, code, status, method, route, address: ip, tenantId, tokenId, personId: person?.id };
}

function refusalOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof MalformedCursor) return malformedParameter('cursor', 'Must be the nextCursor of a page of this list');
  if (error instanceof HttpException) return fromStatus(error.getStatus());
  if (isEnvironmentError(error)) {
    return new ProblemError('dependency-unavailable', 'The database is away. Nothing was changed; try again in a moment.');
  }
  // Class 22: a value that passed our schemas but that Postgres cannot hold, such as a date out of its range.
  if (sqlStateOf(error).startsWith('22')) {
    return new ProblemError('malformed-parameter', 'A value is out of the range that can be stored. Nothing was changed.');
  }
  return new ProblemError('internal-error', 'This is a fault of ours; nothing was changed. Report it with the requestId.');
}

const byStatus: Readonly<Record<number, readonly [ProblemCode, string]>> = {
  400: ['malformed-body', 'Send valid JSON as UTF-8, without __proto__ or constructor members.'],
  404: ['not-found', 'No such address. The routes are listed at /v1/openapi.json.'],
  405: ['method-not-allowed', 'The routes and their methods are listed at /v1/openapi.json.'],
  413: ['too-large', 'Send at most 1 MiB.'],
  415: ['unsupported-media-type', 'Send Content-Type: application/json.'],
};

function fromStatus(status: number): ProblemError {
  const known = byStatus[status] ?? (status < 500 ? byStatus[400]! : undefined);
  return known ? new ProblemError(known[0], known[1]) : new ProblemError('internal-error', 'This is a fault of ours; report it.');
}
