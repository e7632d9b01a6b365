import { canonicalJson } from '@trueup/contracts';
import type { EntityManager } from 'typeorm';
import { lockSettings } from '../settings-lock.js';
import { KIND_TABLES, type ImportKind, type StoredRow, rowsOfCodes } from './import-kind.js';
import { announceMappingChange } from './mapping-change.js';

/** `changed` names the codes that somebody changed after the import; nothing was undone then. */
export type UndoneImport =
  | { codes: string[]; kind: ImportKind }
  | { refused: 'unknown' }
  | { refused: 'undone'; at: Date }
  | { refused: 'changed'; codes: string[] };

interface ImportRow {
  kind: ImportKind;
  codes: string[];
  rows_before: StoredRow[];
  rows_after: StoredRow[];
  undone_at: Date | null;
}

/** Puts back every row that the import found, unless somebody changed one of its customers or skus since. Works once. */
export async function undoMappingImport(
  tx: EntityManager,
  tenantId: string,
  importId: string,
  { actor, at }: { actor: string; at: Date },
): Promise<UndoneImport> {
  await lockSettings(tx, tenantId);
  const [found] = await tx.query<ImportRow[]>(
    `select kind, codes, rows_before, rows_after, undone_at from control.mapping_import where tenant_id = $1 and id = $2 for update`,
    [tenantId, importId],
  );
  if (!found) return { refused: 'unknown' };
  if (found.undone_at) return { refused: 'undone', at: found.undone_at };
  const changed = changedCodes(found, await rowsOfCodes(tx, tenantId, found.kind, found.codes));
  if (changed.length > 0) return { refused: 'changed', codes: changed };
  await restore(tx, tenantId, found);
  await tx.query('update control.mapping_import set undone_at = $2, undone_by = $3 where id = $1', [importId, at, actor]);
  return { codes: found.codes, kind: found.kind };
}

function changedCodes({ kind, codes, rows_after }: ImportRow, now: readonly StoredRow[]): string[] {
  const [left, current] = [contentByCode(kind, rows_after), contentByCode(kind, now)];
  return codes.filter((code) => left.get(code) !== current.get(code));
}

/** When a row was recorded is no content: the same mapping set again is no change. */
function contentByCode(kind: ImportKind, rows: readonly StoredRow[]): Map<string, string> {
  const groups = Map.groupBy(rows, (row) => String(row[KIND_TABLES[kind].code]));
  const content = (group: StoredRow[]) => canonicalJson(group.map(({ recorded_at: _recordedAt, ...row }) => row));
  return new Map([...groups].map(([code, group]) => [code, content(group)]));
}

async function restore(tx: EntityManager, tenantId: string, { kind, codes, rows_before, rows_after }: ImportRow): Promise<void> {
  const { table, code, command } = KIND_TABLES[kind];
  if (codes.length === 0) return;
  await tx.query(`delete from ${table} where tenant_id = $1 and ${code} = any($2::text[])`, [tenantId, codes]);
  await insertRows(tx, table, rows_before);
  const touched = [...rows_before, ...rows_after].map((row) => row.connection_id);
  await announceMappingChange(tx, tenantId, touched, command(codes));
}

/** Columns that the table got after the import keep their default. */
async function insertRows(tx: EntityManager, table: string, rows: readonly StoredRow[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).join(', ');
  if (columns === '') return;
  await tx.query(`insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb)`, [
    JSON.stringify(rows),
  ]);
}
