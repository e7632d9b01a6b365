import { OUTCOMES } from '@trueup/contracts';
import { quarantineRecords } from '@trueup/control';
import { type BatchOutcome, type LogRecord, type RecordBatch, doneWith } from '@trueup/kafka';
import { WatermarkMoved, advanceWatermark, inTransaction, isEnvironmentError, readWatermarks } from '@trueup/persistence';
import { type Logger, crashPoint } from '@trueup/service';
import type { DataSource, EntityManager } from 'typeorm';
import { toQuarantined } from './read-records.js';

export const CONSUMER_GROUP = 'change-control';

/** Applies fresh records of one partition inside the transaction that also moves the watermark. */
export type ApplyRecords = (tx: EntityManager, records: readonly LogRecord[]) => Promise<void>;

/** Takes batches exactly once in effect: records below the watermark were applied before and are passed over. */
export class BatchInbox {
  constructor(
    private readonly database: DataSource,
    private readonly logger: Logger,
    private readonly now: () => Date,
    /** Called after each batch: what it decided waits in the outbox. */
    private readonly onApplied: () => void = () => {},
  ) {}

  /** Throws when the environment fails or another member owns the partition: the log then hands the batch out again. */
  async take(batch: RecordBatch, apply: ApplyRecords): Promise<BatchOutcome> {
    try {
      await this.applyOnce(batch, batch.records, apply);
    } catch (error) {
      if (error instanceof WatermarkMoved || isEnvironmentError(error)) throw error;
      this.logger.error({ err: error, topic: batch.topic, partition: batch.partition }, 'batch failed, applied record by record');
      await this.applyEach(batch, apply);
    }
    this.onApplied();
    return doneWith(batch);
  }

  /** One record that cannot be applied must not stop its neighbours. */
  private async applyEach(batch: RecordBatch, apply: ApplyRecords): Promise<void> {
    for (const record of batch.records) {
      try {
        await this.applyOnce(batch, [record], apply);
      } catch (error) {
        if (error instanceof WatermarkMoved || isEnvironmentError(error)) throw error;
        this.logger.error({ err: error, topic: batch.topic, offset: record.offset.toString() }, 'record quarantined');
        const problems = [{ pointer: '', detail: 'Could not be applied; the log of the service names the error' }];
        const quarantine: ApplyRecords = (tx) => quarantineRecords(tx, [toQuarantined(batch, record, problems)], this.now());
        await this.applyOnce(batch, [record], quarantine);
      }
    }
  }

  private async applyOnce(batch: RecordBatch, records: readonly LogRecord[], apply: ApplyRecords): Promise<void> {
    const { topic, partition } = batch;
    const what = topic === OUTCOMES ? 'outcomes' : 'targets';
    await inTransaction(this.database, async (tx) => {
      const next = (await readWatermarks(tx, 'control', CONSUMER_GROUP, topic)).get(partition) ?? null;
      const fresh = records.filter((record) => next === null || record.offset >= next);
      if (fresh.length === 0) return;
      crashPoint(`change-control.${what}.before-work`);
      await apply(tx, fresh);
      const to = fresh.at(-1)!.offset + 1n;
      await advanceWatermark(tx, 'control', { group: CONSUMER_GROUP, topic, partition, from: next, to });
      crashPoint(`change-control.${what}.before-commit`);
    });
    crashPoint(`change-control.${what}.after-commit`);
  }
}
