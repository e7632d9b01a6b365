import type { EntityManager } from 'typeorm';
import { applyStep, type LedgerStep, type Recorded } from './apply-step.js';
import type { ClaimedLine } from './ledger.js';
import { jsonOrNull, toLineRow, type LineColumns } from './line-columns.js';
import type { LedgerWrite } from './line-row.js';
import { appendOutcomes } from './outcome-outbox.js';
import { putLines } from './put-lines.js';

/** One step of the work: lease and fence checked, line locked, then ledger, writes and outcome together. */
export async function recordStep(tx: EntityManager, schema: string, line: ClaimedLine, step: LedgerStep): Promise<Recorded> {
  if (!(await holdsLease(tx, schema, line))) return 'lost';
  const [columns] = await tx.query<LineColumns[]>(
    `select * from "${schema}".desired_line where connection_id = $1 and agreement_line_key = $2 for update`,
    [line.connectionId, line.key],
  );
  const applied = applyStep(toLineRow(columns!), line.version, step);
  if (applied.verdict === 'superseded' && step.needsNewest === true) return 'superseded';
  await putLines(tx, schema, [applied.row]);
  for (const write of step.writes ?? []) await putWrite(tx, schema, line, write);
  if (applied.outcome !== undefined) await appendOutcomes(tx, schema, [{ outcome: applied.outcome, account: line.account }]);
  return applied.verdict;
}

async function holdsLease(tx: EntityManager, schema: string, line: ClaimedLine): Promise<boolean> {
  const rows = await tx.query<unknown[]>(
    `select 1 from "${schema}".account_lease
     where connection_id = $1 and billing_identifier = $2 and owner = $3 and fence = $4::bigint for share`,
    [line.connectionId, line.account, line.owner, line.fence],
  );
  return rows.length > 0;
}

async function putWrite(tx: EntityManager, schema: string, line: ClaimedLine, write: LedgerWrite): Promise<void> {
  await tx.query(
    `insert into "${schema}".line_write (write_key, connection_id, agreement_line_key, version, ordinal, state, write, intended_at,
       answered_at, refusal_code, answer, is_reported)
     values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10, $11::jsonb, $12)
     on conflict (write_key) do update set state = excluded.state, answered_at = excluded.answered_at,
       refusal_code = excluded.refusal_code, answer = excluded.answer, is_reported = excluded.is_reported`,
    [
      write.writeKey,
      line.connectionId,
      line.key,
      write.version,
      write.ordinal,
      write.state,
      JSON.stringify(write.write),
      write.intendedAt,
      write.answeredAt ?? null,
      write.refusalCode ?? null,
      jsonOrNull(write.answer),
      write.isReported,
    ],
  );
}
