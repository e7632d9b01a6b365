import { Controller, Get, HttpStatus, Inject, Param, Query, Res } from '@nestjs/common';
import { listUnnamedLines } from '@trueup/control';
import type { ListProgress, UnnamedLines } from '@trueup/control';
import { psaLine } from '@trueup/contracts';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { noConnection } from '../connections/connection-desk.js';
import { AlsoAnswers, Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsTenantScope } from '../http/needs-scope.js';
import { limitOf, pageOf, pageQuery, positionOf, toPage } from '../http/page.js';
import { pathText } from '../http/path-text.js';
import { PsaListDesk } from './psa-list-desk.js';
import { reading, refresh } from './suggestion-shapes.js';

const query = pageQuery.extend({ refresh });
const page = pageOf(psaLine.meta({ id: 'PsaLine' }))
  .extend({ ...reading, total: z.int().meta({ description: 'Of all pages' }) })
  .meta({ id: 'UnmappedPsaLines' });

/** What the PSA bills beside us: such lines are told of and never touched. It names all accounts, so it needs the whole tenant. */
@Controller('v1/connections/:id/unmapped-lines')
export class UnmappedLinesController {
  constructor(
    @Inject(API_PARTS) private readonly parts: ApiParts,
    @Inject(PsaListDesk) private readonly lists: PsaListDesk,
  ) {}

  @Get()
  @NeedsTenantScope('billing:read')
  @Answers(200, 'Lists what the PSA bills though no agreement line names it; it is never touched', page)
  @AlsoAnswers(202, 'The PSA has not answered yet: as known before', page)
  async list(
    @Param('id', { schema: pathText }) connectionId: string,
    @Query({ schema: query }) asked: z.output<typeof query>,
    @Caller() { tenantId }: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const [accountName, ref] = positionOf(asked, 2) ?? [];
    const progress = await this.lists.progress(tenantId, connectionId, asked.refresh === 'true');
    if (progress === null) throw noConnection();
    if (progress.answered < progress.requested) reply.status(HttpStatus.ACCEPTED);
    const limit = limitOf(asked);
    const after = accountName === undefined || ref === undefined ? undefined : ([accountName, ref] as const);
    const found = await listUnnamedLines(this.parts.db, { tenantId, connectionId, after, limit: limit + 1 });
    const position = (line: UnnamedLines['lines'][number]) => [line.accountName, line.ref];
    return { ...toPage(found?.lines ?? [], limit, position, (line) => line), ...this.#reading(found, progress) };
  }

  #reading(found: UnnamedLines | null, progress: ListProgress) {
    const problem = progress.problem ?? (found?.isListed === false ? notListed : null);
    return {
      total: found?.total ?? 0,
      readAt: found?.isListed ? found.readAt.toISOString() : null,
      isOld: this.lists.isOld(found?.isListed ? found.readAt : undefined),
      ...(problem !== null && { problem }),
    };
  }
}

const notListed = {
  code: 'CAPABILITY_MISSING',
  message: 'The connector did not say what the PSA bills when it was last asked; refresh=true asks again',
} as const;
