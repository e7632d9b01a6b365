import { previewRequestsTopic } from '@trueup/contracts';
import { doneWith, type BatchOutcome, type RecordBatch } from '@trueup/kafka';
import { WatermarkMoved } from '@trueup/persistence';
import type { Ledger } from '../ledger/ledger.js';
import { logCode, type CodedLogger } from '../run/log-code.js';
import { readChanges } from './read-changes.js';

export interface ChangeReceiverOptions {
  kind: string;
  group: string;
  ledger: Ledger;
  /** Next offset per partition, as stored. */
  watermarks: (topic: string) => Promise<Map<number, bigint>>;
  now: () => Date;
  logger: CodedLogger;
  /** Work has come. */
  onAccepted: () => void;
}

/** Takes batches into the ledger: Kafka is the hint, the row is the work. */
export class ChangeReceiver {
  readonly #positions = new Map<string, Map<number, bigint>>();

  constructor(private readonly options: ChangeReceiverOptions) {}

  /** Where to read on, asked whenever the group is joined. */
  async startingOffsets(topic: string): Promise<Map<number, bigint>> {
    const stored = await this.options.watermarks(topic);
    this.#positions.set(topic, new Map(stored));
    return stored;
  }

  async take(batch: RecordBatch): Promise<BatchOutcome> {
    try {
      return await this.#accept(batch);
    } catch (error) {
      if (!(error instanceof WatermarkMoved)) throw error;
      // Another member had the partition in between: what it has applied is dropped, the rest is taken.
      await this.startingOffsets(batch.topic);
      return this.#accept(batch);
    }
  }

  async #accept(batch: RecordBatch): Promise<BatchOutcome> {
    const { topic, partition } = batch;
    const { kind, group, ledger, now, onAccepted } = this.options;
    const from = this.#positions.get(topic)?.get(partition) ?? null;
    const records = batch.records.filter((record) => from === null || record.offset >= from);
    if (records.length === 0) return doneWith(batch);
    const to = records.at(-1)!.offset + 1n;
    const read = readChanges(records, topic === previewRequestsTopic(kind));
    for (const { problem, offset, key } of read.quarantined) {
      const place = { topic, partition, offset: String(offset), key, problem };
      logCode(this.options.logger, kind, 'PAYLOAD_INVALID', place, 'a record was quarantined');
    }
    await ledger.accept({ topic, partition, group, from, to, ...read }, now());
    this.#positions.set(topic, (this.#positions.get(topic) ?? new Map<number, bigint>()).set(partition, to));
    onAccepted();
    return { done: to };
  }
}
