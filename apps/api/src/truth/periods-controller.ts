import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { BillingQueries } from '@trueup/billing';
import { billingPeriod } from '@trueup/contracts';
import { z } from 'zod';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsScope, NeedsTenantScope } from '../http/needs-scope.js';
import { pageOf } from '../http/page.js';
import { noPeriod, periodReference } from './period-query.js';

const shownPeriod = billingPeriod.meta({ id: 'BillingPeriod' });
const snapshot = z
  .object({
    version: z.int().meta({ description: '1 is the frozen truth of the period' }),
    takenAt: z.string(),
    itemCount: z.int(),
    sha256: z.string().meta({ description: 'Over all items' }),
  })
  .meta({ id: 'Snapshot' });
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

  @Get(':id/snapshots')
  @NeedsTenantScope('billing:read')
  @Answers(200, 'Lists what was frozen of a closed period, and what reprocessing put beside it, with hashes', pageOf(snapshot))
  async snapshots(@Param('id', { schema: periodReference }) id: string, @Caller() { tenantId }: Principal) {
    const data = await this.queries.snapshots(tenantId, id);
    if (!data) throw noPeriod();
    return { data, nextCursor: null };
  }
}
