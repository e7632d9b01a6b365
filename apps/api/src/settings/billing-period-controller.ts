import { Body, Controller, Get, Inject, Put, Query } from '@nestjs/common';
import type { BillingPeriodSettings } from '@trueup/contracts';
import type { z } from 'zod';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsScope, NeedsTenantScope } from '../http/needs-scope.js';
import { IfMatch } from '../http/precondition.js';
import type { Precondition } from '../http/precondition.js';
import { TaggedEdit, TaggedReading } from '../http/tagged.js';
import { BillingPeriodDesk } from './billing-period-desk.js';
import { dryRunQuery, settingsInput, shownSettings } from './billing-period-shapes.js';

@Controller('v1/settings/billing-period')
export class BillingPeriodController {
  constructor(@Inject(BillingPeriodDesk) private readonly desk: BillingPeriodDesk) {}

  @Get()
  @NeedsScope('billing:read')
  @TaggedReading()
  @Answers(200, 'Shows when periods close, with the current and the next periods', shownSettings)
  get(@Caller() { tenantId }: Principal) {
    return this.desk.show(tenantId);
  }

  @Put()
  @NeedsTenantScope('connections:admin')
  @TaggedEdit()
  @Answers(200, 'Sets when periods close; with dryRun=true it only shows the resulting periods', shownSettings)
  async put(
    @Body({ schema: settingsInput }) settings: BillingPeriodSettings,
    @Query({ schema: dryRunQuery }) { dryRun }: z.output<typeof dryRunQuery>,
    @Caller() { tenantId }: Principal,
    @IfMatch() ifMatch: Precondition,
  ) {
    const { change, shown } = await this.desk.plan(tenantId, settings);
    if (dryRun === 'true') return shown;
    await this.desk.save(change, ifMatch);
    return this.desk.show(tenantId);
  }
}
