import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { decideQuarantined, findQuarantined, listQuarantined } from '@trueup/billing';
import type { QuarantineDecision } from '@trueup/billing';
import type { z } from 'zod';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { deciderOf } from '../http/decider.js';
import { onceByKey } from '../http/idempotency.js';
import { IdempotencyKey } from '../http/idempotency-key.js';
import { NeedsTenantScope } from '../http/needs-scope.js';
import { limitOf, pageOf } from '../http/page.js';
import { pathText } from '../http/path-text.js';
import { ProblemError, notFound } from '../http/problem-error.js';
import { quarantineNote, quarantineQuery, quarantineRecord, recordNumberOf, toShownRecord } from './quarantine-shapes.js';

type Note = z.output<typeof quarantineNote>;
type Shown = z.output<typeof quarantineRecord>;

@Controller('v1/quarantine')
export class QuarantineController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get()
  @NeedsTenantScope('billing:read')
  @Answers(
    200,
    'Lists records of the event log that could not be counted, newest first, with the reasons',
    pageOf(quarantineRecord),
  )
  async list(@Query({ schema: quarantineQuery }) query: z.output<typeof quarantineQuery>, @Caller() { tenantId }: Principal) {
    const filter = query.state === undefined ? {} : { state: query.state };
    const page = await listQuarantined(this.parts.db, tenantId, filter, { limit: limitOf(query), cursor: query.cursor });
    return { ...page, data: page.data.map(toShownRecord) };
  }

  @Get(':id')
  @NeedsTenantScope('billing:read')
  @Answers(200, 'Shows a quarantined record and what became of it', quarantineRecord)
  async get(@Param('id', { schema: pathText }) id: string, @Caller() { tenantId }: Principal): Promise<Shown> {
    const found = await findQuarantined(this.parts.db, tenantId, recordNumberOf(id));
    if (!found) throw noRecord();
    return toShownRecord(found);
  }

  @Post(':id/release')
  @NeedsTenantScope('control:operate')
  @Answers(202, 'Lets a record through the projector again; it counts once, or waits again with what is wrong', quarantineRecord)
  release(
    @Param('id', { schema: pathText }) id: string,
    @Body({ schema: quarantineNote }) { note }: Note,
    @Caller() caller: Principal,
    @IdempotencyKey() key?: string,
  ): Promise<Shown> {
    return this.#decide(id, { choice: 'release', note, caller, key });
  }

  @Post(':id/discard')
  @NeedsTenantScope('control:operate')
  @Answers(200, 'Says that a record is never to be counted; it is kept with the note', quarantineRecord)
  discard(
    @Param('id', { schema: pathText }) id: string,
    @Body({ schema: quarantineNote }) { note }: Note,
    @Caller() caller: Principal,
    @IdempotencyKey() key?: string,
  ): Promise<Shown> {
    return this.#decide(id, { choice: 'discard', note, caller, key });
  }

  #decide(id: string, { choice, note, caller, key }: Pick<QuarantineDecision, 'choice' | 'note'> & Asked): Promise<Shown> {
    const at = this.parts.now();
    const request = { caller, route: `POST /quarantine/${choice}`, key, body: { id, note }, at };
    return onceByKey(this.parts.db, request, async (tx) => {
      const decision = { choice, note, actor: deciderOf(caller), now: at };
      const decided = await decideQuarantined(tx, caller.tenantId, recordNumberOf(id), decision);
      if ('record' in decided) return { body: toShownRecord(decided.record) };
      if (decided.refused === 'unknown') throw noRecord();
      throw new ProblemError('conflict', 'Somebody decided about this record already. Nothing was done.');
    });
  }
}

interface Asked {
  caller: Principal;
  key: string | undefined;
}

function noRecord(): ProblemError {
  return notFound('There is no such record; GET /v1/quarantine lists them.');
}
