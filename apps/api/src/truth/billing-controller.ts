import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { BillingQueries } from '@trueup/billing';
import { code, item, name, quantity } from '@trueup/contracts';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { AnswersCsv } from '../csv/answers-csv.js';
import { CsvTable, csvQuery } from '../csv/csv-table.js';
import { CSV_PAGE_SIZE, sendCsv } from '../csv/send-csv.js';
import { Answers } from '../http/answers.js';
import { calendarDay } from '../http/calendar-day.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsScope } from '../http/needs-scope.js';
import { limitOf, pageOf, pageQuery } from '../http/page.js';
import { AnswersXlsx } from '../xlsx/answers-xlsx.js';
import { sendXlsx } from '../xlsx/send-xlsx.js';
import { XlsxTable } from '../xlsx/xlsx-table.js';
import { itemColumns } from './item-columns.js';
import { noPeriod, periodReference } from './period-query.js';

const itemFilters = z.strictObject({
  customer: code.optional(),
  service: code.optional(),
  sku: code.optional(),
  user: code.optional(),
  billable: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  action: z.enum(['carried', 'added', 'removed']).optional(),
  actor: name.optional(),
  from: calendarDay.optional(),
  to: calendarDay.optional(),
});
const itemsQuery = pageQuery.extend(itemFilters.shape);
const itemsFileQuery = itemFilters.extend(csvQuery.shape);
const summaryQuery = pageQuery.extend({ customer: code.optional(), sku: code.optional() });
const summaryRow = z
  .object({
    customerCode: z.string(),
    customerName: z.string(),
    sku: z.string(),
    lastCount: quantity,
    difference: quantity,
    thisCount: quantity,
  })
  .meta({ id: 'SummaryRow' });

@Controller('v1/billing/:period')
export class BillingController {
  constructor(
    @Inject(BillingQueries) private readonly queries: BillingQueries,
    @Inject(API_PARTS) private readonly parts: ApiParts,
  ) {}

  @Get('items')
  @NeedsScope('billing:read')
  @Answers(200, 'Lists who held what in a period: carried, added, removed', pageOf(item.meta({ id: 'Item' })))
  async items(
    @Param('period', { schema: periodReference }) period: string,
    @Query({ schema: itemsQuery }) query: z.output<typeof itemsQuery>,
    @Caller() { tenantId, reach }: Principal,
  ) {
    const { cursor, limit: _limit, ...filters } = query;
    const page = await this.queries.items(tenantId, reach, period, filters, { limit: limitOf(query), cursor });
    if (!page) throw noPeriod();
    return page;
  }

  @Get('items.csv')
  @NeedsScope('billing:read')
  @AnswersCsv('Lists the items of a period as a file, narrowed like the list')
  itemsFile(
    @Param('period', { schema: periodReference }) period: string,
    @Query({ schema: itemsFileQuery }) query: z.output<typeof itemsFileQuery>,
    @Caller() caller: Principal,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { bom: _bom, delimiter: _delimiter, formulaGuard: _formulaGuard, ...filters } = query;
    const readPage = this.#pages(caller, period, filters);
    return sendCsv(reply, this.parts.logger, { name: `items-${period}.csv`, table: new CsvTable(itemColumns, query), readPage });
  }

  @Get('items.xlsx')
  @NeedsScope('billing:read')
  @AnswersXlsx('Lists the items of a period as an Excel workbook of at most 50,000 rows, narrowed like the list')
  itemsWorkbook(
    @Param('period', { schema: periodReference }) period: string,
    @Query({ schema: itemFilters }) filters: z.output<typeof itemFilters>,
    @Caller() caller: Principal,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const readPage = this.#pages(caller, period, filters);
    return sendXlsx(reply, { name: `items-${period}.xlsx`, table: new XlsxTable(itemColumns), readPage });
  }

  @Get('summary')
  @NeedsScope('billing:read')
  @Answers(200, 'Sums a period by customer and sku: last count, difference, this count', pageOf(summaryRow))
  async summary(
    @Param('period', { schema: periodReference }) period: string,
    @Query({ schema: summaryQuery }) query: z.output<typeof summaryQuery>,
    @Caller() { tenantId, reach }: Principal,
  ) {
    const { cursor, limit: _limit, ...filters } = query;
    const page = await this.queries.summary(tenantId, reach, period, filters, { limit: limitOf(query), cursor });
    if (!page) throw noPeriod();
    return page;
  }

  #pages({ tenantId, reach }: Principal, period: string, filters: z.output<typeof itemFilters>) {
    return async (cursor: string | undefined) => {
      const page = await this.queries.items(tenantId, reach, period, filters, { limit: CSV_PAGE_SIZE, cursor });
      if (!page) throw noPeriod();
      return page;
    };
  }
}
