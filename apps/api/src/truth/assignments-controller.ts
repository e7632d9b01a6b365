import { Controller, Get, Inject, Query } from '@nestjs/common';
import { BillingQueries } from '@trueup/billing';
import { code, item, itemInterval } from '@trueup/contracts';
import { z } from 'zod';
import { Answers } from '../http/answers.js';
import { calendarDay } from '../http/calendar-day.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsScope } from '../http/needs-scope.js';
import { limitOf, pageOf, pageQuery } from '../http/page.js';
import { notFound } from '../http/problem-error.js';

const assignmentsQuery = pageQuery.extend({
  asOf: calendarDay.optional().meta({ description: 'Held at the end of this local day; today by default' }),
  knownOn: calendarDay.optional().meta({ description: 'By what was recorded until the end of this local day; today by default' }),
  customer: code.optional(),
});
const assignment = item
  .pick({
    customerCode: true,
    customerName: true,
    userCode: true,
    userName: true,
    kind: true,
    serviceCode: true,
    serviceName: true,
    planCode: true,
    planName: true,
    instance: true,
    sku: true,
    quantity: true,
  })
  .extend({ since: z.string(), eventId: z.string(), actor: itemInterval.shape.fromActor })
  .meta({ id: 'Assignment' });

/** The shape of the list. */
export const assignmentsPage = pageOf(assignment);

@Controller('v1/assignments')
export class AssignmentsController {
  constructor(@Inject(BillingQueries) private readonly queries: BillingQueries) {}

  @Get()
  @NeedsScope('billing:read')
  @Answers(200, 'Lists who held what on a day, as it is known now or was known on another day', assignmentsPage)
  async list(
    @Query({ schema: assignmentsQuery }) query: z.output<typeof assignmentsQuery>,
    @Caller() { tenantId, reach }: Principal,
  ) {
    const { cursor, limit: _limit, ...question } = query;
    const page = await this.queries.assignments(tenantId, reach, question, { limit: limitOf(query), cursor });
    if (!page) throw notFound();
    return page;
  }
}
