import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { BillingQueries } from '@trueup/billing';
import { CAUSE_CODES, actor, code, itemKind, quantity } from '@trueup/contracts';
import { z } from 'zod';
import { Answers } from '../http/answers.js';
import { calendarDay } from '../http/calendar-day.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsScope } from '../http/needs-scope.js';
import { limitOf, pageOf, pageQuery } from '../http/page.js';
import { pathCode } from '../http/path-text.js';
import { noCustomer } from './customers-controller.js';

const timelineQuery = pageQuery.extend({
  from: calendarDay.optional().meta({ description: 'What happened from this local day on' }),
  to: calendarDay.optional().meta({ description: 'What happened until the end of this local day' }),
  user: code.optional(),
  service: code.optional(),
});
const effect = z.object({ lineKey: z.string(), sku: z.string(), code: z.enum(CAUSE_CODES), units: quantity });
const timelineEntry = z
  .object({
    eventId: z.string(),
    source: z.string(),
    type: z.string(),
    occurredAt: z.string(),
    recordedAt: z.string(),
    customerName: z.string().meta({ description: 'Its name now' }),
    customerNameThen: z.string(),
    userCode: z.string().optional(),
    userName: z.string().optional(),
    userNameThen: z.string().optional(),
    kind: itemKind.optional(),
    serviceCode: z.string().optional(),
    instance: z.string().optional(),
    actor,
    ticket: z.string().optional(),
    data: z.record(z.string(), z.unknown()),
    effects: z.array(effect).meta({ description: 'What it did to lines, as is known now' }),
  })
  .meta({ id: 'TimelineEntry' });

@Controller('v1/customers/:code/timeline')
export class TimelineController {
  constructor(@Inject(BillingQueries) private readonly queries: BillingQueries) {}

  @Get()
  @NeedsScope('billing:read')
  @Answers(200, 'Lists who changed what of a customer, oldest first, and what it did to its lines', pageOf(timelineEntry))
  async list(
    @Param('code', { schema: pathCode }) customerCode: string,
    @Query({ schema: timelineQuery }) query: z.output<typeof timelineQuery>,
    @Caller() { tenantId, reach }: Principal,
  ) {
    const { cursor, limit: _limit, ...filters } = query;
    const page = await this.queries.timeline(tenantId, reach, customerCode, filters, { limit: limitOf(query), cursor });
    if (!page) throw noCustomer();
    return page;
  }
}
