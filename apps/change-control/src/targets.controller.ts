import { Controller, Inject } from '@nestjs/common';
import { LINE_TARGETS, lineTarget } from '@trueup/contracts';
import { quarantineRecords, shareSettings } from '@trueup/control';
import { type BatchOutcome, type LogRecord, OnBatch, type RecordBatch, childTraceparent, traceHeadersOf } from '@trueup/kafka';
import { clock } from '@trueup/service';
import type { EntityManager } from 'typeorm';
import { BatchInbox } from './batch-inbox.js';
import { applyTargets } from './decide/apply-targets.js';
import { ofKnownTenants, readRecords } from './read-records.js';
import { TENANT_DAYS, type TenantDays } from './tenant-day.js';
import { daysOf } from './tenant-days-of.js';

/** Takes line targets: stores parts, and decides what may be written. */
@Controller()
export class TargetsController {
  constructor(
    @Inject(BatchInbox) private readonly inbox: BatchInbox,
    @Inject(TENANT_DAYS) private readonly days: TenantDays,
  ) {}

  @OnBatch(LINE_TARGETS)
  take(batch: RecordBatch): Promise<BatchOutcome> {
    return this.inbox.take(batch, (tx, records) => this.apply(tx, batch, records));
  }

  private async apply(tx: EntityManager, batch: RecordBatch, records: readonly LogRecord[]): Promise<void> {
    const read = readRecords(batch, records, lineTarget);
    const tenantIds = read.messages.map(({ message }) => message.tenantId);
    await shareSettings(tx, tenantIds);
    const days = await daysOf(this.days, tenantIds);
    const { messages, bad } = ofKnownTenants(batch, read, (tenantId) => days.has(tenantId));
    await quarantineRecords(tx, bad, clock.now());
    const targets = messages.map(({ message, record }) => ({ target: message, trace: traceOf(record) }));
    if (targets.length > 0) await applyTargets(tx, targets, days);
  }
}

function traceOf(record: LogRecord): Record<string, string> {
  const { traceparent, ...rest } = traceHeadersOf(record.headers);
  return traceparent === undefined ? {} : { ...rest, traceparent: childTraceparent(traceparent) };
}
