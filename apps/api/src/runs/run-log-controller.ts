import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { logEntry, printableText } from '@trueup/contracts';
import type { LogEntry } from '@trueup/contracts';
import { findRun, readRunLog } from '@trueup/control';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { AnswersCsv } from '../csv/answers-csv.js';
import { CsvTable, csvQuery } from '../csv/csv-table.js';
import { CSV_PAGE_SIZE, sendCsv } from '../csv/send-csv.js';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsTenantScope } from '../http/needs-scope.js';
import { limitOf, pageOf, pageQuery, positionOf, toPage } from '../http/page.js';
import type { Page } from '../http/page.js';
import { pathText } from '../http/path-text.js';
import { malformedParameter } from '../http/problem-error.js';
import { AnswersXlsx } from '../xlsx/answers-xlsx.js';
import { sendXlsx } from '../xlsx/send-xlsx.js';
import { XlsxTable } from '../xlsx/xlsx-table.js';
import { logColumns } from './log-columns.js';
import { noRun } from './runs-controller.js';

const logFilters = z.strictObject({
  code: printableText(64).optional(),
  level: z.enum(['Error', 'Warning', 'Info', 'Verbose']).optional(),
  q: printableText(256).optional(),
});
const logQuery = pageQuery.extend(logFilters.shape);
const logFileQuery = logFilters.extend(csvQuery.shape);

@Controller('v1/runs/:id')
export class RunLogController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get('log')
  @NeedsTenantScope('billing:read')
  @Answers(
    200,
    'Reads the log of a run; code may be the alias people know, such as AT09',
    pageOf(logEntry.meta({ id: 'LogEntry' })),
  )
  log(
    @Param('id', { schema: pathText }) runId: string,
    @Query({ schema: logQuery }) query: z.output<typeof logQuery>,
    @Caller() caller: Principal,
  ) {
    return this.#page(caller, runId, query, limitOf(query));
  }

  @Get('log.csv')
  @NeedsTenantScope('billing:read')
  @AnswersCsv('Reads the log of a run as a file, narrowed like the log itself')
  logFile(
    @Param('id', { schema: pathText }) runId: string,
    @Query({ schema: logFileQuery }) query: z.output<typeof logFileQuery>,
    @Caller() caller: Principal,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { code, level, q } = query;
    const readPage = (cursor: string | undefined) => this.#page(caller, runId, { code, level, q, cursor }, CSV_PAGE_SIZE);
    const name = `${fileNameOf(runId)}.csv`;
    return sendCsv(reply, this.parts.logger, { name, table: new CsvTable(logColumns, query), readPage });
  }

  @Get('log.xlsx')
  @NeedsTenantScope('billing:read')
  @AnswersXlsx('Reads the log of a run as an Excel workbook of at most 50,000 rows, narrowed like the log itself')
  logWorkbook(
    @Param('id', { schema: pathText }) runId: string,
    @Query({ schema: logFilters }) query: z.output<typeof logFilters>,
    @Caller() caller: Principal,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const readPage = (cursor: string | undefined) => this.#page(caller, runId, { ...query, cursor }, CSV_PAGE_SIZE);
    return sendXlsx(reply, { name: `${fileNameOf(runId)}.xlsx`, table: new XlsxTable(logColumns), readPage });
  }

  async #page(
    { tenantId, reach }: Principal,
    runId: string,
    query: z.output<typeof logQuery>,
    limit: number,
  ): Promise<Page<LogEntry>> {
    if (!(await findRun(this.parts.db, tenantId, runId))) throw noRun();
    const { code, level, q } = query;
    const filter = { tenantId, runId, reach, code, level, q, after: entryIdOf(query), limit: limit + 1 };
    return toPage(
      await readRunLog(this.parts.db, filter),
      limit,
      (row) => [row.id],
      ({ id: _position, ...entry }) => entry,
    );
  }
}

function fileNameOf(runId: string): string {
  return `log-${runId.replace(/[^\w-]/g, '')}`;
}

function entryIdOf(query: z.output<typeof logQuery>): string | undefined {
  const after = positionOf(query, 1)?.[0];
  if (after !== undefined && !/^\d{1,18}$/.test(after))
    throw malformedParameter('cursor', 'Must be the nextCursor of a page of this list');
  return after;
}
