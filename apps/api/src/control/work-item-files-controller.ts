import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { AnswersCsv } from '../csv/answers-csv.js';
import { CsvTable, csvQuery } from '../csv/csv-table.js';
import { CSV_PAGE_SIZE, sendCsv } from '../csv/send-csv.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsScope } from '../http/needs-scope.js';
import { AnswersXlsx } from '../xlsx/answers-xlsx.js';
import { sendXlsx } from '../xlsx/send-xlsx.js';
import { XlsxTable } from '../xlsx/xlsx-table.js';
import { workItemColumns } from './work-item-columns.js';
import { workItemPage } from './work-item-page.js';

const fileQuery = z.strictObject(csvQuery.shape);

@Controller('v1')
export class WorkItemFilesController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get('work-items.csv')
  @NeedsScope('billing:read')
  @AnswersCsv('Reads the work items as a file')
  file(
    @Query({ schema: fileQuery }) query: z.output<typeof fileQuery>,
    @Caller() caller: Principal,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const table = new CsvTable(workItemColumns, query);
    return sendCsv(reply, this.parts.logger, { name: 'work-items.csv', table, readPage: this.#pagesFor(caller) });
  }

  @Get('work-items.xlsx')
  @NeedsScope('billing:read')
  @AnswersXlsx('Reads the work items as an Excel workbook of at most 50,000 rows')
  workbook(@Caller() caller: Principal, @Res() reply: FastifyReply): Promise<void> {
    const table = new XlsxTable(workItemColumns);
    return sendXlsx(reply, { name: 'work-items.xlsx', table, readPage: this.#pagesFor(caller) });
  }

  #pagesFor(caller: Principal) {
    return (cursor: string | undefined) => workItemPage(this.parts.db, caller, { cursor }, CSV_PAGE_SIZE);
  }
}
