import { Controller, Get, HttpStatus, Inject, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { noConnection } from '../connections/connection-desk.js';
import { AlsoAnswers, Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsTenantScope } from '../http/needs-scope.js';
import { PsaListDesk } from './psa-list-desk.js';
import { SuggestionDesk } from './suggestion-desk.js';
import { suggestionQuery, suggestionsAnswer } from './suggestion-shapes.js';

/** What the PSA has that looks like customers and skus without a mapping. It shows names of all accounts, so it needs the whole tenant. */
@Controller('v1/mappings/suggestions')
export class SuggestionsController {
  constructor(
    @Inject(PsaListDesk) private readonly lists: PsaListDesk,
    @Inject(SuggestionDesk) private readonly desk: SuggestionDesk,
  ) {}

  @Get()
  @NeedsTenantScope('mapping:write')
  @Answers(
    200,
    'Suggests accounts and products of the PSA for what is not mapped; 202 while the PSA has not answered: then as known before',
    suggestionsAnswer,
  )
  @AlsoAnswers(202, 'The PSA has not answered yet: as known before', suggestionsAnswer)
  async list(
    @Query({ schema: suggestionQuery }) { connectionId, refresh }: z.output<typeof suggestionQuery>,
    @Caller() { tenantId }: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const progress = await this.lists.progress(tenantId, connectionId, refresh === 'true');
    if (progress === null) throw noConnection();
    if (progress.answered < progress.requested) reply.status(HttpStatus.ACCEPTED);
    return this.desk.suggest(tenantId, connectionId, progress);
  }
}
