import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { logEntry, printableText, run } from '@trueup/contracts';
import { findRun, listRuns, readRunLog } from '@trueup/control';
import { z } from 'zod';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsScope, NeedsTenantScope } from '../http/needs-scope.js';
import { limitOf, pageOf, pageQuery, positionOf, toPage } from '../http/page.js';
import { pathText } from '../http/path-text.js';
import { malformedParameter, notFound } from '../http/problem-error.js';

const runsQuery = pageQuery.extend({ connectionId: printableText(128).optional() });
const logQuery = pageQuery.extend({
  code: printableText(64).optional(),
  level: z.enum(['Error', 'Warning', 'Info', 'Verbose']).optional(),
  q: printableText(256).optional(),
});

@Controller('v1/runs')
export class RunsController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get()
  @NeedsScope('billing:read')
  @Answers(200, 'Lists runs, newest first, with the number of entries per code', pageOf(run.meta({ id: 'Run' })))
  async list(@Query({ schema: runsQuery }) query: z.output<typeof runsQuery>, @Caller() { tenantId, reach }: Principal) {
    if (reach !== 'tenant') return { data: [], nextCursor: null };
    const limit = limitOf(query);
    const after = positionOf(query, 1)?.[0];
    const rows = await listRuns(this.parts.db, { tenantId, connectionId: query.connectionId, after, limit: limit + 1 });
    return toPage(
      rows,
      limit,
      (row) => [row.id],
      (row) => row,
    );
  }

  @Get(':id')
  @NeedsTenantScope('billing:read')
  @Answers(200, 'Shows a run', run.meta({ id: 'Run' }))
  async get(@Param('id', { schema: pathText }) id: string, @Caller() { tenantId }: Principal) {
    const found = await findRun(this.parts.db, tenantId, id);
    if (!found) throw noRun();
    return found;
  }

  @Get(':id/log')
  @NeedsTenantScope('billing:read')
  @Answers(
    200,
    'Reads the log of a run; code may be the alias people know, such as AT09',
    pageOf(logEntry.meta({ id: 'LogEntry' })),
  )
  async log(
    @Param('id', { schema: pathText }) runId: string,
    @Query({ schema: logQuery }) query: z.output<typeof logQuery>,
    @Caller() { tenantId, reach }: Principal,
  ) {
    if (!(await findRun(this.parts.db, tenantId, runId))) throw noRun();
    const limit = limitOf(query);
    const { code, level, q } = query;
    const rows = await readRunLog(this.parts.db, {
      tenantId,
      runId,
      reach,
      code,
      level,
      q,
      after: entryIdOf(query),
      limit: limit + 1,
    });
    return toPage(
      rows,
      limit,
      (row) => [row.id],
      ({ id: _position, ...entry }) => entry,
    );
  }
}

function entryIdOf(query: z.output<typeof logQuery>): string | undefined {
  const after = positionOf(query, 1)?.[0];
  if (after !== undefined && !/^\d{1,18}$/.test(after))
    throw malformedParameter('cursor', 'Must be the nextCursor of a page of this list');
  return after;
}

function noRun() {
  return notFound('There is no such run; GET /v1/runs lists them.');
}
