import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { hold, printableText } from '@trueup/contracts';
import type { Hold } from '@trueup/contracts';
import { listHolds, releaseHold } from '@trueup/control';
import { z } from 'zod';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { deciderOf } from '../http/decider.js';
import { onceByKey } from '../http/idempotency.js';
import { IdempotencyKey } from '../http/idempotency-key.js';
import { NeedsScope } from '../http/needs-scope.js';
import { limitOf, pageOf, pageQuery, positionOf, toPage } from '../http/page.js';
import type { PageQuery } from '../http/page.js';
import { pathText } from '../http/path-text.js';
import { ProblemError, notFound } from '../http/problem-error.js';

const shownHold = hold.meta({ id: 'Hold' });
const release = z
  .strictObject({ note: printableText(500) })
  .meta({ id: 'HoldRelease', examples: [{ note: 'the customer really leaves, ticket 4711' }] });

@Controller('v1/holds')
export class HoldsController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get()
  @NeedsScope('billing:read')
  @Answers(200, 'Lists what waits for a person: ours against theirs', pageOf(shownHold))
  async list(@Query({ schema: pageQuery }) query: PageQuery, @Caller() { tenantId, reach }: Principal) {
    const limit = limitOf(query);
    const after = positionOf(query, 1)?.[0];
    return toPage(
      await listHolds(this.parts.db, tenantId, reach, { after, limit: limit + 1 }),
      limit,
      (row) => [row.id],
      (row) => row,
    );
  }

  @Post(':id/release')
  @NeedsScope('control:operate')
  @Answers(202, 'Lets a hold pass, with a note; a hold in which the PSA differs sends ours', shownHold)
  release(
    @Param('id', { schema: pathText }) holdId: string,
    @Body({ schema: release }) { note }: z.output<typeof release>,
    @Caller() caller: Principal,
    @IdempotencyKey() key?: string,
  ): Promise<Hold> {
    const { db, now } = this.parts;
    const { tenantId, reach } = caller;
    const at = now();
    return onceByKey(db, { caller, route: 'POST /holds/release', key, body: { holdId, note }, at }, async (tx) => {
      const [seen] = await listHolds(tx, tenantId, reach, { limit: 1, holdId });
      if (!seen) throw noHold();
      const released = await releaseHold(tx, tenantId, holdId, { note, actor: deciderOf(caller), now: at });
      if ('refused' in released && released.refused === 'unknown') throw noHold();
      if ('refused' in released) throw new ProblemError('conflict', `${released.text}. Nothing was released.`);
      return { body: { ...seen, releasedBy: caller.label, note } };
    });
  }
}

function noHold() {
  return notFound('There is no such hold (any more); GET /v1/holds lists them.');
}
