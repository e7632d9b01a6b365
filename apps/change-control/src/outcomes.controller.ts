import { Controller, Inject } from '@nestjs/common';
import { OUTCOMES, outcome } from '@trueup/contracts';
import { quarantineRecords } from '@trueup/control';
import { type BatchOutcome, type LogRecord, OnBatch, type RecordBatch } from '@trueup/kafka';
import { clock } from '@trueup/service';
import type { EntityManager } from 'typeorm';
import { BatchInbox } from './batch-inbox.js';
import { applyOutcomes } from './outcomes/apply-outcomes.js';
import { ofKnownTenants, readRecords } from './read-records.js';
import { TENANT_DAYS, type TenantDays } from './tenant-day.js';
import { daysOf } from './tenant-days-of.js';

/** Takes what came of releases: state of agreement lines, run log, checks. */
@Controller()
export class OutcomesController {
  constructor(
    @Inject(BatchInbox) private readonly inbox: BatchInbox,
    @Inject(TENANT_DAYS) private readonly days: TenantDays,
  ) {}

  @OnBatch(OUTCOMES)
  take(batch: RecordBatch): Promise<BatchOutcome> {
    return this.inbox.take(batch, (tx, records) => this.apply(tx, batch, records));
  }

  private async apply(tx: EntityManager, batch: RecordBatch, records: readonly LogRecord[]): Promise<void> {
    const read = readRecords(batch, records, outcome);
    const days = await daysOf(
      this.days,
      read.messages.map(({ message }) => message.tenantId),
    );
    const { messages, bad } = ofKnownTenants(batch, read, (tenantId) => days.has(tenantId));
    await quarantineRecords(tx, bad, clock.now());
    const received = messages.map(({ message }) => message);
    for (const tenantId of [...days.keys()].sort()) {
      const ofTenant = received.filter((one) => one.tenantId === tenantId);
      await applyOutcomes(tx, days.get(tenantId)!, ofTenant);
    }
  }
}
