import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { BillingQueries } from '@trueup/billing';
import { correction } from '@trueup/contracts';
import { listCorrections } from '@trueup/control';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsScope } from '../http/needs-scope.js';
import { limitOf, pageOf, pageQuery, positionOf, toPage } from '../http/page.js';
import type { PageQuery } from '../http/page.js';
import { noPeriod, periodReference } from './period-query.js';

@Controller('v1/billing/:period/corrections')
export class CorrectionsController {
  constructor(
    @Inject(BillingQueries) private readonly queries: BillingQueries,
    @Inject(API_PARTS) private readonly parts: ApiParts,
  ) {}

  @Get()
  @NeedsScope('billing:read')
  @Answers(
    200,
    'Lists the units that a closed period should have had, with their dates',
    pageOf(correction.meta({ id: 'Correction' })),
  )
  async list(
    @Param('period', { schema: periodReference }) reference: string,
    @Query({ schema: pageQuery }) query: PageQuery,
    @Caller() { tenantId, reach }: Principal,
  ) {
    const period = await this.queries.period(tenantId, reference);
    if (!period) throw noPeriod();
    const limit = limitOf(query);
    const page = { after: positionOf(query, 1)?.[0], limit: limit + 1 };
    return toPage(
      await listCorrections(this.parts.db, tenantId, reach, { periodId: period.id }, page),
      limit,
      (row) => [row.id],
      (row) => row,
    );
  }
}
