import { type EventRow, type QuarantinedRecord, type RecordOrigin, toEventRow } from '@trueup/billing';
import { fromEventRecord } from '@trueup/contracts';
import type { LogRecord, RecordBatch } from '@trueup/kafka';

/** Records of a batch told apart: events, and what is none. */
export interface DecodedBatch {
  events: EventRow[];
  invalid: QuarantinedRecord[];
}

/** Reads records as events. What a foreign producer wrote, a tombstone too, is set aside with the reasons; nothing throws. */
export function decodeBatch(batch: Pick<RecordBatch, 'topic' | 'partition'>, records: readonly LogRecord[]): DecodedBatch {
  const decoded: DecodedBatch = { events: [], invalid: [] };
  for (const record of records) {
    const origin = originOf(batch, record);
    const event = fromEventRecord(record);
    if ('errors' in event) decoded.invalid.push({ tenantId: tenantIn(record), reason: 'invalid', errors: event.errors, origin });
    else decoded.events.push(toEventRow(event, origin));
  }
  return decoded;
}

/** Where a record stands in the log. */
export function originOf({ topic, partition }: Pick<RecordBatch, 'topic' | 'partition'>, record: LogRecord): RecordOrigin {
  const { offset, key, headers, value } = record;
  return { topic, partition, offset, key, headers, value };
}

/** The tenant that a record claims; "" when it claims none. */
export const tenantIn = ({ headers }: LogRecord): string => headers['ce_tenantid'] ?? '';
