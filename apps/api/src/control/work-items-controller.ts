import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { printableText, quantity, workItem } from '@trueup/contracts';
import type { WorkItem } from '@trueup/contracts';
import { confirmWorkItem, listWorkItems } from '@trueup/control';
import { z } from 'zod';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { Answers } from '../http/answers.js';
import { calendarDay } from '../http/calendar-day.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { deciderOf } from '../http/decider.js';
import { onceByKey } from '../http/idempotency.js';
import { IdempotencyKey } from '../http/idempotency-key.js';
import { NeedsScope } from '../http/needs-scope.js';
import { limitOf, pageOf, pageQuery } from '../http/page.js';
import type { PageQuery } from '../http/page.js';
import { pathText } from '../http/path-text.js';
import { ProblemError, notFound } from '../http/problem-error.js';
import { workItemPage } from './work-item-page.js';

const shownItem = workItem.meta({ id: 'WorkItem' });
const doneWork = z
  .strictObject({
    quantity: quantity.refine((text) => !text.startsWith('-'), 'Must not be negative'),
    date: calendarDay,
    note: printableText(500),
  })
  .meta({
    id: 'DoneWork',
    description: 'What the PSA holds now and from which day on, as the person who did it says',
    examples: [{ quantity: '12', date: '2026-03-10', note: 'changed in the PSA, ticket 4711' }],
  });

@Controller('v1/work-items')
export class WorkItemsController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get()
  @NeedsScope('billing:read')
  @Answers(200, 'Lists what a PSA cannot do through its API, for a person to do there and confirm', pageOf(shownItem))
  list(@Query({ schema: pageQuery }) query: PageQuery, @Caller() caller: Principal) {
    return workItemPage(this.parts.db, caller, query, limitOf(query));
  }

  @Post(':id/done')
  @NeedsScope('control:operate')
  @Answers(202, 'Confirms a work item: the level named is what the next change starts from', shownItem)
  done(
    @Param('id', { schema: pathText }) workItemId: string,
    @Body({ schema: doneWork }) work: z.output<typeof doneWork>,
    @Caller() caller: Principal,
    @IdempotencyKey() key?: string,
  ): Promise<WorkItem> {
    const { db, now } = this.parts;
    const { tenantId, reach } = caller;
    const at = now();
    return onceByKey(db, { caller, route: 'POST /work-items/done', key, body: { workItemId, ...work }, at }, async (tx) => {
      const [seen] = await listWorkItems(tx, tenantId, reach, { limit: 1, workItemId });
      if (!seen) throw noItem();
      const confirmed = await confirmWorkItem(tx, tenantId, workItemId, { ...work, actor: deciderOf(caller), now: at });
      if ('refused' in confirmed && confirmed.refused === 'unknown') throw noItem();
      if ('refused' in confirmed) throw new ProblemError('conflict', `${confirmed.text}. Nothing was stored.`);
      return { body: { ...seen, doneBy: caller.label, note: work.note } };
    });
  }
}

function noItem(): ProblemError {
  return notFound('There is no such work item (any more); GET /v1/work-items lists them.');
}
