import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { BillingQueries } from '@trueup/billing';
import { billingPeriod } from '@trueup/contracts';
import { z } from 'zod';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsScope } from '../http/needs-scope.js';
import { pageOf } from '../http/page.js';
import { noPeriod, periodReference } from './period-query.js';

const shownPeriod = billingPeriod.meta({ id: 'BillingPeriod' });
const countRule = 'Must be a whole number from 1 to 120';
const periodsQuery = z.strictObject({
  count: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, countRule)
    .transform(Number)
    .refine((count) => count <= 120, countRule)
    .optional(),
});

@Controller('v1/periods')
export class PeriodsController {
  constructor(@Inject(BillingQueries) private readonly queries: BillingQueries) {}

  @Get()
  @NeedsScope('billing:read')
  @Answers(200, 'Lists the current period and those before it, newest first; 12 unless count says otherwise', pageOf(shownPeriod))
  async list(@Query({ schema: periodsQuery }) { count }: z.output<typeof periodsQuery>, @Caller() { tenantId }: Principal) {
    return { data: await this.queries.periods(tenantId, count ?? 12), nextCursor: null };
  }

  @Get(':id')
  @NeedsScope('billing:read')
  @Answers(200, 'Shows a period by its end date, any day inside, current or previous', shownPeriod)
  async get(@Param('id', { schema: periodReference }) id: string, @Caller() { tenantId }: Principal) {
    const period = await this.queries.period(tenantId, id);
    if (!period) throw noPeriod();
    return period;
  }
}
