import { Body, Controller, Inject, Param, Post } from '@nestjs/common';
import { resolution } from '@trueup/contracts';
import { listAgreementLines, resolveAgreementLine } from '@trueup/control';
import type { ResolutionRefusal } from '@trueup/control';
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
import { pathText } from '../http/path-text.js';
import { ProblemError, invalid, notFound } from '../http/problem-error.js';

const newResolution = resolution.extend({ from: calendarDay, to: calendarDay.optional() }).meta({
  id: 'Resolution',
  examples: [{ choice: 'adopt', reason: 'two spare seats, agreed with the customer', from: '2026-03-01' }],
});
const acceptedResolution = z.object({ resolutionId: z.string() }).meta({ id: 'AcceptedResolution' });

@Controller('v1/connections/:id/agreement-lines')
export class ResolveController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Post(':key/resolve')
  @NeedsScope('control:operate')
  @Answers(
    202,
    'Decides about an agreement line whose quantity in the PSA is not ours; carried out within seconds',
    acceptedResolution,
  )
  resolve(
    @Param('id', { schema: pathText }) connectionId: string,
    @Param('key', { schema: pathText }) agreementLineKey: string,
    @Body({ schema: newResolution }) body: z.output<typeof newResolution>,
    @Caller() caller: Principal,
    @IdempotencyKey() key?: string,
  ): Promise<z.output<typeof acceptedResolution>> {
    const { db, now } = this.parts;
    const at = now();
    const line = { connectionId, agreementLineKey };
    const request = { caller, route: 'POST /agreement-lines/resolve', key, body: { ...line, ...body }, at };
    return onceByKey(db, request, async (tx) => {
      const { tenantId, reach } = caller;
      const [seen] = await listAgreementLines(tx, { tenantId, ...line, reach, limit: 1 });
      if (!seen) throw noLine();
      const decision = { actor: deciderOf(caller), now: at };
      const resolved = await resolveAgreementLine(tx, tenantId, line, body, decision);
      if ('refused' in resolved) throw problemOf(resolved);
      return { body: { resolutionId: resolved.resolutionId } };
    });
  }
}

function problemOf({ refused, text }: ResolutionRefusal): ProblemError {
  switch (refused) {
    case 'unknown':
      return noLine();
    case 'not-looked-at':
      return new ProblemError('conflict', `${text}. Try again when the line shows what the PSA holds.`);
    case 'bad-dates':
      return invalid('/to', text);
    case 'quantity-needed':
    case 'quantity-not-taken':
      return invalid('/quantity', text);
  }
}

function noLine(): ProblemError {
  return notFound('There is no such agreement line; GET /v1/connections/{id}/agreement-lines lists them.');
}
