import { type BatchOutcome, doneWith, type LinkLogger, type LogRecord, type RecordBatch } from '@trueup/kafka';
import type { DataSource } from 'typeorm';
import { isAboutData } from './is-about-data.js';
import { projectRecords, setAside } from './project-records.js';

const RETRY_AFTER_MS = 1_000;

export interface EventProjectorOptions {
  database: DataSource;
  now: () => Date;
  logger: LinkLogger;
  /** Called after a commit that put line targets into the outbox. */
  onSent: () => void;
}

/** Applies batches of one partition. An environment error waits; a record that cannot be applied is set aside alone. */
export class EventProjector {
  constructor(private readonly options: EventProjectorOptions) {}

  async project(batch: RecordBatch): Promise<BatchOutcome> {
    try {
      await this.apply(batch, batch.records);
      return doneWith(batch);
    } catch (error) {
      return this.later(batch, error);
    }
  }

  // A half at a time, so that of 500 records with one bad some ten transactions fail, not 500.
  private async apply(batch: RecordBatch, records: readonly LogRecord[]): Promise<void> {
    try {
      const { sent, missing } = await projectRecords(this.options.database, {
        batch: placeOf(batch),
        records,
        now: this.options.now(),
      });
      if (sent > 0) this.options.onSent();
      if (missing > 0n) this.tellGap(batch, records[0]!, missing);
    } catch (error) {
      if (!isAboutData(error)) throw error;
      if (records.length === 1) return this.park(batch, records[0]!, error);
      const middle = Math.ceil(records.length / 2);
      await this.apply(batch, records.slice(0, middle));
      await this.apply(batch, records.slice(middle));
    }
  }

  private async park(batch: RecordBatch, record: LogRecord, error: unknown): Promise<void> {
    await setAside(this.options.database, { batch: placeOf(batch), records: [record], now: this.options.now() }, error);
    const { topic, partition } = batch;
    this.options.logger.error(
      { err: error, topic, partition, offset: String(record.offset) },
      'a record cannot be applied, set aside',
    );
  }

  // Our producers write no transactions: a gap is retention that ran ahead of us, or a log that was cut.
  private tellGap({ topic, partition }: RecordBatch, { offset }: LogRecord, missing: bigint): void {
    this.options.logger.error(
      { topic, partition, offset: String(offset), missing: String(missing) },
      'the log lost records before they were applied',
    );
  }

  private later({ topic, partition, records }: RecordBatch, error: unknown): BatchOutcome {
    const from = records[0]!.offset;
    this.options.logger.warn({ err: error, topic, partition, offset: String(from) }, 'a batch waits for its environment');
    return { retryAt: new Date(this.options.now().getTime() + RETRY_AFTER_MS), from };
  }
}

const placeOf = ({ topic, partition }: RecordBatch) => ({ topic, partition });
