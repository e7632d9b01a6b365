import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { BillingQueries } from '@trueup/billing';
import { z } from 'zod';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsScope } from '../http/needs-scope.js';
import { limitOf, pageOf, pageQuery } from '../http/page.js';
import type { PageQuery } from '../http/page.js';
import { pathCode } from '../http/path-text.js';
import { notFound } from '../http/problem-error.js';

const customer = z
  .object({
    customerCode: z.string(),
    name: z.string(),
    resellerCode: z.string().nullable(),
    billedBy: z.enum(['provider', 'reseller']),
  })
  .meta({ id: 'Customer' });

@Controller('v1/customers')
export class CustomersController {
  constructor(@Inject(BillingQueries) private readonly queries: BillingQueries) {}

  @Get()
  @NeedsScope('billing:read')
  @Answers(200, 'Lists the customers within reach, by code', pageOf(customer))
  list(@Query({ schema: pageQuery }) query: PageQuery, @Caller() { tenantId, reach }: Principal) {
    return this.queries.customers(tenantId, reach, { limit: limitOf(query), cursor: query.cursor });
  }

  @Get(':code')
  @NeedsScope('billing:read')
  @Answers(200, 'Shows a customer as it is now', customer)
  async get(@Param('code', { schema: pathCode }) code: string, @Caller() { tenantId, reach }: Principal) {
    const found = await this.queries.customer(tenantId, reach, code);
    if (!found) throw noCustomer();
    return found;
  }
}

export function noCustomer() {
  return notFound('There is no such customer; GET /v1/customers lists them.');
}
