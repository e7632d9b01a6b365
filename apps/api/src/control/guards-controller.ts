import { randomUUIDv7 } from 'node:crypto';
import { Body, Controller, Get, Inject, Put } from '@nestjs/common';
import { guard, printableText } from '@trueup/contracts';
import { listGuards, lockSettings, putGuards } from '@trueup/control';
import { z } from 'zod';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { decide } from '../audit/decide.js';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsTenantScope } from '../http/needs-scope.js';
import { pageOf } from '../http/page.js';
import { IfMatch } from '../http/precondition.js';
import type { Precondition } from '../http/precondition.js';
import { ProblemError } from '../http/problem-error.js';
import { TaggedEdit, TaggedReading } from '../http/tagged.js';

const maxGuards = 1000;
const text = printableText(128);
const scope = z.strictObject({
  connectionId: text.optional(),
  customerCode: text.optional(),
  sku: text.optional(),
  agreementLineKey: text.optional(),
});
const guardList = z
  .array(z.strictObject({ ...guard.shape, id: text.optional(), scope, value: text }))
  .max(maxGuards)
  .meta({
    id: 'Guards',
    description: [
      `The whole list; a guard without an id is new. value: units or per cent (floor, ceiling, max-change, max-absent), a whole number (max-zeroes; `,
      `write-budget: releases of a line a local day without a new cause, what is more waits for the next day), or for a window the days and hours of the `,
      `tenant's time zone in which changes are released, such as "Mon-Fri 08:00-18:00; Sat,Sun 10:00-12:00". Outside a window changes and manual runs `,
      `wait and go out by themselves when it opens; a person's own decision about a line does not wait`,
    ].join(''),
    examples: [[{ scope: { sku: 'M365-BP' }, kind: 'floor', value: '5' }]],
  });
const answer = pageOf(guard.meta({ id: 'Guard' }));

@Controller('v1/guards')
export class GuardsController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get()
  @NeedsTenantScope('billing:read')
  @TaggedReading()
  @Answers(200, 'Lists the limits that people set', answer)
  async list(@Caller() { tenantId }: Principal) {
    return { data: await listGuards(this.parts.db, tenantId), nextCursor: null };
  }

  @Put()
  @NeedsTenantScope('control:approve')
  @TaggedEdit()
  @Answers(200, 'Replaces all limits; every line is decided again', answer)
  async put(
    @Body({ schema: guardList }) guards: z.output<typeof guardList>,
    @Caller() { tenantId }: Principal,
    @IfMatch() ifMatch: Precondition,
  ) {
    const wanted = guards.map((one) => ({ ...one, id: one.id ?? `grd_${randomUUIDv7()}` }));
    const data = await decide(this.parts.db, async (tx) => {
      await lockSettings(tx, tenantId);
      await ifMatch.refuseChanged(async () => ({ data: await listGuards(tx, tenantId), nextCursor: null }));
      const change = await putGuards(tx, tenantId, wanted);
      if ('guards' in change) return change.guards;
      throw new ProblemError('validation-failed', 'Nothing was stored; correct the guards named in errors.', change.errors);
    });
    return { data, nextCursor: null };
  }
}
