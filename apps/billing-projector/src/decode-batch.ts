import { type EventRow, type QuarantinedRecord, type RecordOrigin, toEventRow } from '@trueup/billing';
import { type FieldError, fromEventRecord, type RecordedEvent } from '@trueup/contracts';
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
    const errors = 'errors' in event ? event.errors : keyErrors(record, event);
    if ('errors' in event || errors.length > 0)
      decoded.invalid.push({ tenantId: tenantIn(record), reason: 'invalid', errors, origin });
    else decoded.events.push(toEventRow(event, origin));
  }
  return decoded;
}

/** The key is the tenant and the customer: the one by which the partition was chosen must be the one that counts. */
function keyErrors({ key }: LogRecord, { tenantId, event }: RecordedEvent): FieldError[] {
  return key === `${tenantId}/${event.subject}`
    ? []
    : [{ pointer: '', detail: 'The key names another customer than the headers' }];
}

/** Where a record stands in the log. */
export function originOf({ topic, partition }: Pick<RecordBatch, 'topic' | 'partition'>, record: LogRecord): RecordOrigin {
  const { offset, key, headers, value } = record;
  return { topic, partition, offset, key, headers, value };
}

/** The tenant that a record claims; "" when it claims none, or two: to show it to either could show what belongs to the other. */
export function tenantIn({ key, headers }: LogRecord): string {
  const claimed = headers['ce_tenantid'] ?? '';
  return key === null || key.startsWith(`${claimed}/`) ? claimed : '';
}
