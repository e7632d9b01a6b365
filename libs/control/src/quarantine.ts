import type { SqlRunner } from './sql-runner.js';

/** A record that cannot be read, kept with its reasons; its neighbours flow. */
export interface QuarantinedRecord {
  topic: string;
  partition: number;
  offset: bigint;
  key: string | null;
  value: Buffer | null;
  problems: readonly { pointer: string; detail: string }[];
}

/** Keeps bad records in the transaction that passes over them. */
export async function quarantineRecords(tx: SqlRunner, records: readonly QuarantinedRecord[], at: Date): Promise<void> {
  for (const { topic, partition, offset, key, value, problems } of records) {
    await tx.query(
      `insert into control.quarantine (topic, partition, record_offset, record_key, value, problems, recorded_at)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
      [topic, partition, offset.toString(), key, value, JSON.stringify(problems), at],
    );
  }
}
