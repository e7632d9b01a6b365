import { Body, Controller, Inject, Post } from '@nestjs/common';
import { BillingQueries } from '@trueup/billing';
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
import { periodReference } from '../truth/period-query.js';

const newRun = z
  .strictObject({
    connectionId: printableText(128),
    customerCodes: z.array(code).min(1).max(1000).optional(),
    billingPeriod: periodReference
      .meta({
        description:
          'current (default), previous, or a date inside a period. A run on an earlier period brings what that period left, ' +
          'dated from the start of the current one, and no later step',
      })
      .optional(),
    preview: z.boolean().meta({ description: 'Nothing is written: the log of the run shows what would be' }).optional(),
  })
  .meta({ id: 'NewRun', examples: [{ connectionId: 'con_0198a', customerCodes: ['C-1'], preview: true }] });

@Controller('v1/runs')
export class StartRunController {
  constructor(
    @Inject(BillingQueries) private readonly queries: BillingQueries,
    @Inject(API_PARTS) private readonly parts: ApiParts,
  ) {}

  @Post()
  @NeedsTenantScope('control:operate')
  @Answers(
    202,
    'Starts a run: every mapped line of the connection, or of some customers, is looked at afresh',
    run.meta({ id: 'Run' }),
  )
  async start(
    @Body({ schema: newRun }) body: z.output<typeof newRun>,
    @Caller() caller: Principal,
    @IdempotencyKey() key?: string,
  ): Promise<Run> {
    const { tenantId } = caller;
    const { connectionId, customerCodes, billingPeriod, preview: isPreview } = body;
    const now = this.parts.now();
    const periodId = await this.earlierPeriod(tenantId, billingPeriod);
    return onceByKey(this.parts.db, { caller, route: 'POST /runs', key, body, at: now }, async (tx) => {
      const scope = { connectionId, customerCodes, periodId, isPreview };
      const runId = await startRun(tx, tenantId, { ...scope, actor: deciderOf(caller), now });
      if (runId === null) throw invalid('/connectionId', 'Names no connection of this tenant');
      return { body: (await findRun(tx, tenantId, runId))! };
    });
  }

  /** The period's id where it is not the current one. */
  private async earlierPeriod(tenantId: string, reference: string | undefined): Promise<string | undefined> {
    if (reference === undefined || reference === 'current') return undefined;
    const [period, current] = await Promise.all([
      this.queries.period(tenantId, reference),
      this.queries.period(tenantId, 'current'),
    ]);
    if (!period || !current) throw invalid('/billingPeriod', 'Names no period; GET /v1/periods lists them');
    if (period.id > current.id) throw invalid('/billingPeriod', 'Lies in the future');
    return period.id === current.id ? undefined : period.id;
  }
}
