import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { printableText, run } from '@trueup/contracts';
import { findRun, listRuns } from '@trueup/control';
import { z } from 'zod';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsScope, NeedsTenantScope } from '../http/needs-scope.js';
import { limitOf, pageOf, pageQuery, positionOf, toPage } from '../http/page.js';
import { pathText } from '../http/path-text.js';
import { notFound } from '../http/problem-error.js';

const runsQuery = pageQuery.extend({ connectionId: printableText(128).optional() });

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
}

export function noRun() {
  return notFound('There is no such run; GET /v1/runs lists them.');
}
