import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { BillingQueries, findOperation, requestRebuild } from '@trueup/billing';
import type { Operation } from '@trueup/billing';
import { code } from '@trueup/contracts';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { deciderOf } from '../http/decider.js';
import { onceByKey } from '../http/idempotency.js';
import { IdempotencyKey } from '../http/idempotency-key.js';
import { NeedsTenantScope } from '../http/needs-scope.js';
import { limitOf, pageOf, pageQuery } from '../http/page.js';
import type { PageQuery } from '../http/page.js';
import { pathText } from '../http/path-text.js';
import { noOperation, operation } from './operation-shapes.js';

const rebuildRequest = z
  .strictObject({ customerCodes: z.array(code).min(1).max(1000).optional() })
  .meta({ id: 'RebuildRequest', examples: [{ customerCodes: ['C-1'] }], description: 'All customers unless some are named' });

@Controller('v1/operations')
export class OperationsController {
  constructor(
    @Inject(BillingQueries) private readonly queries: BillingQueries,
    @Inject(API_PARTS) private readonly parts: ApiParts,
  ) {}

  @Get()
  @NeedsTenantScope('billing:read')
  @Answers(200, 'Lists the long pieces of work that people asked for, newest first', pageOf(operation))
  list(@Query({ schema: pageQuery }) query: PageQuery, @Caller() { tenantId }: Principal) {
    return this.queries.operations(tenantId, { limit: limitOf(query), cursor: query.cursor });
  }

  @Get(':id')
  @NeedsTenantScope('billing:read')
  @Answers(200, 'Shows how far a long piece of work is, and what it came to', operation)
  async get(@Param('id', { schema: pathText }) id: string, @Caller() { tenantId }: Principal) {
    const found = await this.queries.operation(tenantId, id);
    if (!found) throw noOperation();
    return found;
  }

  @Post('rebuild')
  @NeedsTenantScope('control:operate')
  @Answers(202, 'Tells the truth of customers again from their events; only what differs is stored and sent', operation)
  async rebuild(
    @Body({ schema: rebuildRequest }) { customerCodes }: z.output<typeof rebuildRequest>,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
    @IdempotencyKey() key?: string,
  ): Promise<Operation> {
    const at = this.parts.now();
    const request = { caller, route: 'POST /operations/rebuild', key, body: { customerCodes }, at };
    const asked = await onceByKey(this.parts.db, request, async (tx) => {
      const scope = customerCodes === undefined ? {} : { customerCodes };
      const id = await requestRebuild(tx, caller.tenantId, scope, { actor: deciderOf(caller), now: at });
      return { body: (await findOperation(tx, caller.tenantId, id, at))! };
    });
    reply.header('Location', `/v1/operations/${asked.id}`);
    return asked;
  }
}
