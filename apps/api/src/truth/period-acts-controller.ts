import { Controller, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { findOperation, requestClose, requestReprocess } from '@trueup/billing';
import type { Operation, Requested } from '@trueup/billing';
import type { FastifyReply } from 'fastify';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { deciderOf } from '../http/decider.js';
import { onceByKey } from '../http/idempotency.js';
import type { KeyedRequest } from '../http/idempotency.js';
import { IdempotencyKey } from '../http/idempotency-key.js';
import { NeedsTenantScope } from '../http/needs-scope.js';
import { ProblemError } from '../http/problem-error.js';
import { operation } from '../operations/operation-shapes.js';
import { noPeriod, periodReference } from './period-query.js';

const reprocessQuery = z.strictObject({ dryRun: z.enum(['true', 'false']).optional() });

@Controller('v1/periods/:id')
export class PeriodActsController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Post('close')
  @NeedsTenantScope('control:operate')
  @Answers(202, 'Closes a period that has ended: frozen with a hash once everything in flight is counted', operation)
  close(
    @Param('id', { schema: periodReference }) period: string,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
    @IdempotencyKey() key?: string,
  ): Promise<Operation> {
    const request = { caller, route: 'POST /periods/close', key, body: { period }, at: this.parts.now() };
    return this.#ask(request, reply, (tx, context) => requestClose(tx, caller.tenantId, period, context));
  }

  @Post('reprocess')
  @NeedsTenantScope('control:operate')
  @Answers(202, 'Decides a period again by the events and the catalogue of now; with dryRun=true it only reports', operation)
  reprocess(
    @Param('id', { schema: periodReference }) period: string,
    @Query({ schema: reprocessQuery }) { dryRun }: z.output<typeof reprocessQuery>,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
    @IdempotencyKey() key?: string,
  ): Promise<Operation> {
    const isDryRun = dryRun === 'true';
    const request = { caller, route: 'POST /periods/reprocess', key, body: { period, isDryRun }, at: this.parts.now() };
    return this.#ask(request, reply, (tx, context) => requestReprocess(tx, caller.tenantId, period, { isDryRun }, context));
  }

  async #ask(
    request: KeyedRequest,
    reply: FastifyReply,
    ask: (tx: EntityManager, context: Parameters<typeof requestClose>[3]) => Promise<Requested>,
  ): Promise<Operation> {
    const { caller, at } = request;
    const asked = await onceByKey(this.parts.db, request, async (tx) => {
      const requested = await ask(tx, { actor: deciderOf(caller), now: at });
      if ('refused' in requested) throw refusalOf(requested.refused);
      return { body: (await findOperation(tx, caller.tenantId, requested.operationId, at))! };
    });
    reply.header('Location', `/v1/operations/${asked.id}`);
    return asked;
  }
}

function refusalOf(refused: Extract<Requested, { refused: string }>['refused']): ProblemError {
  if (refused === 'unknown-period') return noPeriod();
  const detail =
    refused === 'closed'
      ? 'The period is closed already; its items are frozen.'
      : 'The period has not ended yet; it closes by itself after its end.';
  return new ProblemError('conflict', detail);
}
