import { Body, Controller, Inject, Post } from '@nestjs/common';
import { code, printableText, run } from '@trueup/contracts';
import type { Run } from '@trueup/contracts';
import { findRun, startRun } from '@trueup/control';
import { z } from 'zod';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { deciderOf } from '../http/decider.js';
import { onceByKey } from '../http/idempotency.js';
import { IdempotencyKey } from '../http/idempotency-key.js';
import { NeedsTenantScope } from '../http/needs-scope.js';
import { invalid } from '../http/problem-error.js';

const newRun = z
  .strictObject({ connectionId: printableText(128), customerCodes: z.array(code).min(1).max(1000).optional() })
  .meta({ id: 'NewRun', examples: [{ connectionId: 'con_0198a', customerCodes: ['C-1'] }] });

@Controller('v1/runs')
export class StartRunController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Post()
  @NeedsTenantScope('control:operate')
  @Answers(
    202,
    'Starts a run: every mapped line of the connection, or of some customers, is looked at afresh',
    run.meta({ id: 'Run' }),
  )
  start(
    @Body({ schema: newRun }) body: z.output<typeof newRun>,
    @Caller() caller: Principal,
    @IdempotencyKey() key?: string,
  ): Promise<Run> {
    const { tenantId } = caller;
    const now = this.parts.now();
    return onceByKey(this.parts.db, { caller, route: 'POST /runs', key, body, at: now }, async (tx) => {
      const runId = await startRun(tx, tenantId, { ...body, actor: deciderOf(caller), now });
      if (runId === null) throw invalid('/connectionId', 'Names no connection of this tenant');
      return { body: (await findRun(tx, tenantId, runId))! };
    });
  }
}
