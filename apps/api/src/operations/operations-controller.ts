import { Controller, Get, Inject, Param } from '@nestjs/common';
import { BillingQueries } from '@trueup/billing';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsTenantScope } from '../http/needs-scope.js';
import { pathText } from '../http/path-text.js';
import { notFound } from '../http/problem-error.js';
import { operation } from './operation-shapes.js';

@Controller('v1/operations')
export class OperationsController {
  constructor(@Inject(BillingQueries) private readonly queries: BillingQueries) {}

  @Get(':id')
  @NeedsTenantScope('billing:read')
  @Answers(200, 'Shows how far a long piece of work is, and what it came to', operation)
  async get(@Param('id', { schema: pathText }) id: string, @Caller() { tenantId }: Principal) {
    const found = await this.queries.operation(tenantId, id);
    if (!found) throw notFound('There is no such operation.');
    return found;
  }
}
