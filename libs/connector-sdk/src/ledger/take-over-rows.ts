import type { EntityManager } from 'typeorm';
import type { ClaimedLine } from './ledger.js';
import { toLedgerWrite, toLineRow, type LineColumns, type WriteColumns } from './line-columns.js';
import { putLines } from './put-lines.js';
import { takeOver } from './take-over.js';

/** Both lines locked, then record, baseline and last level change hands. */
export async function takeOverRows(
  tx: EntityManager,
  schema: string,
  line: ClaimedLine,
  fromKey: string,
): Promise<ClaimedLine | undefined> {
  const columns = await tx.query<LineColumns[]>(
    `select * from "${schema}".desired_line where connection_id = $1 and agreement_line_key = any($2::text[])
     order by agreement_line_key for update`,
    [line.connectionId, [line.key, fromKey]],
  );
  const rows = columns.map(toLineRow);
  const own = rows.find((row) => row.key === line.key);
  const from = rows.find((row) => row.key === fromKey);
  if (own === undefined || from === undefined) return undefined;
  const taken = takeOver(own, from, await unsettledWrites(tx, schema, line.connectionId, fromKey));
  if (taken === undefined) return undefined;
  await putLines(tx, schema, [taken.line, taken.from]);
  const recordIds = await moveRecords(tx, schema, line, fromKey);
  return { ...line, baseline: taken.line.baseline, lastLevel: taken.line.lastLevel, recordIds };
}

async function unsettledWrites(tx: EntityManager, schema: string, connectionId: string, key: string) {
  const rows = await tx.query<WriteColumns[]>(
    `select * from "${schema}".line_write where connection_id = $1 and agreement_line_key = $2
     and state in ('intent', 'acknowledged', 'unknown', 'disputed')`,
    [connectionId, key],
  );
  return rows.map(toLedgerWrite);
}

async function moveRecords(tx: EntityManager, schema: string, line: ClaimedLine, fromKey: string): Promise<string[]> {
  const [rows] = await tx.query<[{ record_id: string }[], number]>(
    `update "${schema}".line_record set agreement_line_key = $3 where connection_id = $1 and agreement_line_key = $2
     returning record_id`,
    [line.connectionId, fromKey, line.key],
  );
  return rows.map((row) => row.record_id);
}
