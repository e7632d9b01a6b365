import { type DynamicModule, Module } from '@nestjs/common';
import { BatchInbox } from './batch-inbox.js';
import { OutcomesController } from './outcomes.controller.js';
import { TargetsController } from './targets.controller.js';
import { TENANT_DAYS, type TenantDays } from './tenant-day.js';

/** The handlers of both topics and what they need. */
@Module({})
export class ChangeControlModule {
  static with(inbox: BatchInbox, days: TenantDays): DynamicModule {
    return {
      module: ChangeControlModule,
      controllers: [TargetsController, OutcomesController],
      providers: [
        { provide: BatchInbox, useValue: inbox },
        { provide: TENANT_DAYS, useValue: days },
      ],
    };
  }
}
