import { advanceWatermark } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import { acceptChange, type ArrivedChange, type Pace } from './accept-change.js';
import type { ArrivedBatch, QuarantinedChange } from './ledger.js';
import { toLineRow, type LineColumns } from './line-columns.js';
import type { LineRow } from './line-row.js';
import { appendOutcomes, type AddressedOutcome } from './outcome-outbox.js';
import { putLines } from './put-lines.js';

/** Upserts the desired lines of one batch, tells which versions were replaced and moves the watermark. No PSA call, a few milliseconds. */
export async function acceptBatch(tx: EntityManager, schema: string, batch: ArrivedBatch, now: Date, pace: Pace): Promise<void> {
  const rows = await lockLines(tx, schema, batch.changes);
  const touched = new Map<string, LineRow>();
  const outcomes: AddressedOutcome[] = [];
  for (const arrived of batch.changes) {
    const id = idOf(arrived);
    const accepted = acceptChange(touched.get(id) ?? rows.get(id), arrived, now, pace);
    if (accepted === undefined) continue;
    touched.set(id, accepted.row);
    outcomes.push(...accepted.superseded.map((outcome) => ({ outcome, account: accepted.row.account })));
  }
  await putLines(tx, schema, [...touched.values()]);
  await addLeases(tx, schema, [...touched.values()]);
  await dropRecordsOfGone(tx, schema, [...touched.values()]);
  await appendOutcomes(tx, schema, outcomes);
  await quarantine(tx, schema, batch, now);
  await advanceWatermark(tx, schema, batch);
}

async function lockLines(tx: EntityManager, schema: string, changes: readonly ArrivedChange[]): Promise<Map<string, LineRow>> {
  if (changes.length === 0) return new Map();
  const rows = await tx.query<LineColumns[]>(
    `select * from "${schema}".desired_line
     where (connection_id, agreement_line_key) in (select * from unnest($1::text[], $2::text[]))
     order by connection_id, agreement_line_key for update`,
    [changes.map((change) => change.connectionId), changes.map((change) => change.key)],
  );
  return new Map(rows.map(toLineRow).map((row) => [idOf(row), row]));
}

async function addLeases(tx: EntityManager, schema: string, rows: readonly LineRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into "${schema}".account_lease (connection_id, billing_identifier)
     select distinct * from unnest($1::text[], $2::text[]) order by 1, 2 on conflict do nothing`,
    [rows.map((row) => row.connectionId), rows.map((row) => row.account)],
  );
}

async function dropRecordsOfGone(tx: EntityManager, schema: string, rows: readonly LineRow[]): Promise<void> {
  const gone = rows.filter((row) => row.isGone);
  if (gone.length === 0) return;
  await tx.query(
    `delete from "${schema}".line_record
     where (connection_id, agreement_line_key) in (select * from unnest($1::text[], $2::text[]))`,
    [gone.map((row) => row.connectionId), gone.map((row) => row.key)],
  );
}

async function quarantine(tx: EntityManager, schema: string, batch: ArrivedBatch, now: Date): Promise<void> {
  if (batch.quarantined.length === 0) return;
  const column = <T>(pick: (each: QuarantinedChange) => T): T[] => batch.quarantined.map(pick);
  await tx.query(
    `insert into "${schema}".quarantine (topic, partition, record_offset, record_key, value, problem, recorded_at)
     select $1, $2::int, q.*, $7::timestamptz from unnest($3::bigint[], $4::text[], $5::text[], $6::text[]) q on conflict do nothing`,
    [
      batch.topic,
      batch.partition,
      column((each) => each.offset.toString()),
      column((each) => each.key),
      column((each) => each.value),
      column((each) => each.problem),
      now,
    ],
  );
}

function idOf(line: { connectionId: string; key: string }): string {
  return `${line.connectionId}\u0001${line.key}`;
}
