import { countProjected, projectEvents, type QuarantinedRecord, quarantine } from '@trueup/billing';
import type { LogRecord, RecordBatch } from '@trueup/kafka';
import { advanceWatermark, inTransaction, readWatermarks } from '@trueup/persistence';
import { crashPoint } from '@trueup/service';
import type { DataSource, EntityManager } from 'typeorm';
import { decodeBatch, originOf, tenantIn } from './decode-batch.js';

/** The consumer group, and the name under which its progress is stored. */
export const PROJECTOR_GROUP = 'billing-projector';

/** What one transaction made of its records. */
export interface ProjectedRecords {
  applied: number;
  duplicates: number;
  quarantined: number;
  /** Line targets sent. */
  sent: number;
  /** Records that an earlier owner of the partition had applied already. */
  passed: number;
  /** Offsets between what was applied last and the first record: the log lost them before they were read. */
  missing: bigint;
}

/** Which records of one partition go into one transaction. */
export interface RecordRun {
  batch: Pick<RecordBatch, 'topic' | 'partition'>;
  records: readonly LogRecord[];
  now: Date;
}

/**
 * Applies records and moves the partition's watermark in one transaction. Throws WatermarkMoved, with nothing applied, when another
 * member owns the partition by now.
 */
export function projectRecords(database: DataSource, run: RecordRun): Promise<ProjectedRecords> {
  return withWatermark(database, run, async (tx, records) => {
    const { events, invalid } = decodeBatch(run.batch, records);
    await quarantine(tx, invalid, run.now);
    const { applied, duplicates, conflicts, sent, stored } = await projectEvents(tx, events, run.now);
    await countProjected(tx, { partition: run.batch.partition, stored, aside: invalid.map(toAside), now: run.now });
    return { applied, duplicates, quarantined: invalid.length + conflicts, sent };
  });
}

/** Sets a record aside that cannot be applied, so that its neighbours flow. */
export function setAside(database: DataSource, run: RecordRun, error: unknown): Promise<ProjectedRecords> {
  const errors = [{ pointer: '', detail: error instanceof Error ? error.message : 'The record cannot be applied' }];
  return withWatermark(database, run, async (tx, records) => {
    const rows = records.map((record) => ({ tenantId: tenantIn(record), origin: originOf(run.batch, record) }));
    await quarantine(
      tx,
      rows.map((row) => ({ ...row, reason: 'not-applicable' as const, errors })),
      run.now,
    );
    await countProjected(tx, { partition: run.batch.partition, aside: rows.map(toAside), now: run.now });
    return { applied: 0, duplicates: 0, quarantined: rows.length, sent: 0 };
  });
}

const toAside = ({ tenantId, origin }: Pick<QuarantinedRecord, 'tenantId' | 'origin'>) => ({
  tenantId,
  recordedAt: origin.headers['ce_recordedat'],
});

async function withWatermark(
  database: DataSource,
  { batch, records }: RecordRun,
  apply: (tx: EntityManager, records: readonly LogRecord[]) => Promise<Omit<ProjectedRecords, 'passed' | 'missing'>>,
): Promise<ProjectedRecords> {
  const projected = await inTransaction(database, async (tx) => {
    const stored = (await readWatermarks(tx, 'billing', PROJECTOR_GROUP, batch.topic)).get(batch.partition) ?? null;
    const ahead = records.filter(({ offset }) => stored === null || offset >= stored);
    const passed = records.length - ahead.length;
    if (ahead.length === 0) return { applied: 0, duplicates: 0, quarantined: 0, sent: 0, passed, missing: 0n };
    crashPoint('projector.before-work');
    const result = await apply(tx, ahead);
    const to = ahead.at(-1)!.offset + 1n;
    await advanceWatermark(tx, 'billing', { group: PROJECTOR_GROUP, ...batch, from: stored, to });
    crashPoint('projector.before-commit');
    return { ...result, passed, missing: stored === null ? 0n : ahead[0]!.offset - stored };
  });
  crashPoint('projector.after-commit');
  return projected;
}
