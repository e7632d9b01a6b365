import { type FieldError, fromEventRecord } from '@trueup/contracts';
import { inTransaction, isEnvironmentError } from '@trueup/persistence';
import type { DataSource, EntityManager } from 'typeorm';
import { countReleased } from '../accounting/count-released.js';
import { toEventRow } from '../projection/event-row.js';
import { projectEvents } from '../projection/project-events.js';
import type { QuarantineReason } from '../projection/quarantine.js';
import type { SqlRunner } from '../sql-runner.js';
import { findQuarantined, type Quarantined } from './quarantined.js';

interface RecordRef {
  tenantId: string;
  recordId: string;
}

/** Why a record waits again. */
interface Failure {
  reason: QuarantineReason;
  errors: FieldError[];
}

/**
 * Lets a released record through the projection, in the transaction that notes it: it counts once or it waits again, with what is wrong
 * now. Repeating it is harmless. Returns the number of line targets sent.
 */
export async function releaseRecord(database: DataSource, ref: RecordRef, now: () => Date): Promise<number> {
  try {
    return await inTransaction(database, (tx) => apply(tx, ref, now()));
  } catch (error) {
    if (isEnvironmentError(error)) throw error;
    const detail = error instanceof Error ? error.message : 'The record cannot be applied';
    await waitAgain(database, ref, { reason: 'not-applicable', errors: [{ pointer: '', detail }] });
    return 0;
  }
}

async function apply(tx: EntityManager, ref: RecordRef, now: Date): Promise<number> {
  const record = await findQuarantined(tx, ref.tenantId, ref.recordId, 'for update');
  if (record?.state !== 'releasing') return 0;
  const event = eventIn(record);
  if ('errors' in event) return fail(tx, ref, { reason: 'invalid', errors: event.errors });
  const { conflicts, duplicates, sent } = await projectEvents(tx, [toEventRow(event, record.origin)], now);
  if (conflicts > 0) return fail(tx, ref, { reason: 'event-conflict', errors: conflictErrors });
  const outcome = duplicates > 0 ? 'duplicate' : 'applied';
  await tx.query(`update billing.quarantine set state = 'released', outcome = $3 where tenant_id = $1 and id = $2::bigint`, [
    ref.tenantId,
    ref.recordId,
    outcome,
  ]);
  const { tenantId, quarantinedAt, origin } = record;
  await countReleased(tx, { tenantId, quarantinedAt, outcome, recordedAt: origin.headers['ce_recordedat'] });
  return sent;
}

const conflictErrors = [
  { pointer: '/id', detail: 'Another event with this source and id counts. Send this one again under an id of its own.' },
];

/** The event of the record's own tenant: whatever its headers say, nothing is let into another one. */
function eventIn({ tenantId, origin }: Quarantined): ReturnType<typeof fromEventRecord> {
  const event = fromEventRecord(origin);
  if ('errors' in event || event.tenantId === tenantId) return event;
  return { errors: [{ pointer: '', detail: 'Names another tenant' }] };
}

async function fail(tx: SqlRunner, ref: RecordRef, failure: Failure): Promise<number> {
  await waitAgain(tx, ref, failure);
  return 0;
}

async function waitAgain(tx: SqlRunner, { tenantId, recordId }: RecordRef, { reason, errors }: Failure): Promise<void> {
  await tx.query(
    `update billing.quarantine set state = 'waiting', reason = $3, errors = $4::jsonb
     where tenant_id = $1 and id = $2::bigint and state = 'releasing'`,
    [tenantId, recordId, reason, JSON.stringify(errors)],
  );
}
