import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { BillingQueries } from '@trueup/billing';
import { actor, itemKind, quantity } from '@trueup/contracts';
import { z } from 'zod';
import { Answers } from '../http/answers.js';
import { calendarDay } from '../http/calendar-day.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsScope } from '../http/needs-scope.js';
import { limitOf, pageOf, pageQuery } from '../http/page.js';
import { pathText } from '../http/path-text.js';
import { noLine } from './lines-controller.js';

const usersQuery = pageQuery.extend({
  on: calendarDay.optional().meta({ description: 'At the end of this local day; today by default' }),
  knownOn: calendarDay.optional().meta({
    description:
      'By what was recorded until the end of this local day; without it by what counts, of a closed period what was frozen',
  }),
});
const lineUser = z
  .object({
    userCode: z.string().optional(),
    userName: z.string().optional().meta({ description: 'The name now' }),
    userNameThen: z.string().optional(),
    kind: itemKind,
    serviceCode: z.string(),
    serviceName: z.string(),
    planCode: z.string().optional(),
    instance: z.string(),
    quantity,
    since: z.string(),
    eventId: z.string(),
    actor,
  })
  .meta({ id: 'LineUser' });
const lineUsers = pageOf(lineUser)
  .extend({ lineKey: z.string(), on: z.string(), quantity: quantity.meta({ description: 'Of all pages together' }) })
  .meta({ id: 'LineUsers' });

@Controller('v1/lines/:lineKey/users')
export class LineUsersController {
  constructor(@Inject(BillingQueries) private readonly queries: BillingQueries) {}

  @Get()
  @NeedsScope('billing:read')
  @Answers(200, 'Lists which users made up the quantity of a line on a day: they sum to it', lineUsers)
  async list(
    @Param('lineKey', { schema: pathText }) lineKey: string,
    @Query({ schema: usersQuery }) query: z.output<typeof usersQuery>,
    @Caller() { tenantId, reach }: Principal,
  ) {
    const { cursor, on, knownOn } = query;
    const day = { lineKey, ...(on !== undefined && { on }), ...(knownOn !== undefined && { knownOn }) };
    const found = await this.queries.lineUsers(tenantId, reach, day, { limit: limitOf(query), cursor });
    if (!found) throw noLine();
    return found;
  }
}
