import type { FieldError } from '@trueup/contracts';
import { hourOf } from '../accounting/hour-of.js';
import type { SqlRunner } from '../sql-runner.js';

/** Where a record stands in the log, and what it holds. */
export interface RecordOrigin {
  topic: string;
  partition: number;
  offset: bigint;
  key: string | null;
  headers: Readonly<Record<string, string>>;
  value: Buffer | null;
}

/** `invalid`: not an event; `event-conflict`: its identity belongs to another event; `not-applicable`: the database refuses it. */
export type QuarantineReason = 'invalid' | 'event-conflict' | 'not-applicable';

/** A record that a person must look at; its neighbours flow. */
export interface QuarantinedRecord {
  tenantId: string;
  reason: QuarantineReason;
  errors: FieldError[];
  origin: RecordOrigin;
}

/** Keeps bad records in the transaction that passes them by. A record that is redelivered is kept once. */
export async function quarantine(tx: SqlRunner, records: readonly QuarantinedRecord[], at: Date): Promise<void> {
  if (records.length === 0) return;
  const column = <T>(pick: (record: QuarantinedRecord) => T): T[] => records.map(pick);
  await tx.query(
    `insert into billing.quarantine
       (tenant_id, reason, errors, topic, partition, record_offset, record_key, headers, value, quarantined_at,
        counted_at)
     select r.tenant_id, r.reason, r.errors::jsonb, r.topic, r.partition, r.record_offset, r.record_key, r.headers::jsonb, r.value, $10,
       r.counted_at
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::bigint[], $7::text[], $8::text[], $9::bytea[],
       $11::timestamptz[]) as r(tenant_id, reason, errors, topic, partition, record_offset, record_key, headers, value, counted_at)
     on conflict (topic, partition, record_offset) do nothing`,
    [
      column((record) => storableText(record.tenantId)),
      column((record) => record.reason),
      column((record) => storableText(JSON.stringify(record.errors))),
      column((record) => record.origin.topic),
      column((record) => record.origin.partition),
      column((record) => record.origin.offset.toString()),
      column((record) => (record.origin.key === null ? null : storableText(record.origin.key))),
      column((record) => storableText(JSON.stringify(record.origin.headers))),
      column((record) => record.origin.value),
      at,
      column((record) => hourOf(record.origin.headers['ce_recordedat'], at)),
    ],
  );
}

/** Postgres text cannot hold NUL, and a bad record may hold anything; the exact bytes are in `value`. */
export function storableText(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD').replaceAll('\\u0000', '\\ufffd').toWellFormed();
}
