import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { BillingQueries } from '@trueup/billing';
import type { BillingLine } from '@trueup/billing';
import { code, explain, line } from '@trueup/contracts';
import type { Line } from '@trueup/contracts';
import { deliveriesOfLines } from '@trueup/control';
import { z } from 'zod';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsScope } from '../http/needs-scope.js';
import { limitOf, pageOf, pageQuery } from '../http/page.js';
import { pathText } from '../http/path-text.js';
import { notFound } from '../http/problem-error.js';
import { noPeriod, periodReference } from './period-query.js';

const inPeriod = z.strictObject({ period: periodReference.optional() });
const linesQuery = pageQuery.extend({ customer: code.optional(), sku: code.optional(), period: periodReference.optional() });
const shownLine = line.meta({ id: 'Line' });

@Controller('v1/lines')
export class LinesController {
  constructor(
    @Inject(BillingQueries) private readonly queries: BillingQueries,
    @Inject(API_PARTS) private readonly parts: ApiParts,
  ) {}

  @Get()
  @NeedsScope('billing:read')
  @Answers(200, 'Lists lines by customer, with their steps in a period and how far each has come', pageOf(shownLine))
  async list(@Query({ schema: linesQuery }) query: z.output<typeof linesQuery>, @Caller() caller: Principal) {
    const { cursor, limit: _limit, period = 'current', ...filters } = query;
    const page = await this.queries.lines(caller.tenantId, caller.reach, period, filters, { limit: limitOf(query), cursor });
    if (!page) throw noPeriod();
    return { ...page, data: await this.#withDeliveries(caller, page.data) };
  }

  @Get(':lineKey')
  @NeedsScope('billing:read')
  @Answers(200, 'Shows a line with its steps in a period and how far it has come', shownLine)
  async get(
    @Param('lineKey', { schema: pathText }) lineKey: string,
    @Query({ schema: inPeriod }) { period }: z.output<typeof inPeriod>,
    @Caller() caller: Principal,
  ) {
    const found = await this.queries.line(caller.tenantId, caller.reach, lineKey, period);
    if (!found) throw noLine();
    const [shown] = await this.#withDeliveries(caller, [found]);
    return shown;
  }

  @Get(':lineKey/explain')
  @NeedsScope('billing:read')
  @Answers(200, 'Explains a quantity: a waterfall that sums, and the people behind it', explain.meta({ id: 'Explain' }))
  async explain(
    @Param('lineKey', { schema: pathText }) lineKey: string,
    @Query({ schema: inPeriod }) { period = 'current' }: z.output<typeof inPeriod>,
    @Caller() { tenantId, reach }: Principal,
  ) {
    const found = await this.queries.explain(tenantId, reach, lineKey, period);
    if (!found) throw noLine();
    return found;
  }

  async #withDeliveries({ tenantId, reach }: Principal, lines: readonly BillingLine[]): Promise<Line[]> {
    const lineKeys = lines.map((one) => one.lineKey);
    const deliveries = await deliveriesOfLines(this.parts.db, { tenantId, reach, lineKeys });
    return lines.map((one) => ({ ...one, deliveries: deliveries.get(one.lineKey) ?? [] }));
  }
}

export function noLine() {
  return notFound('There is no such line in this period; GET /v1/lines lists them.');
}
