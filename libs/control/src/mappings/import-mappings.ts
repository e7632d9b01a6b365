import { randomUUIDv7 } from 'node:crypto';
import type { FieldError } from '@trueup/contracts';
import type { EntityManager } from 'typeorm';
import { lockSettings } from '../settings-lock.js';
import { KIND_TABLES, type ImportKind, type ImportedMapping, type StoredRow, rowsOfCodes } from './import-kind.js';
import { announceMappingChange, repeatedRowErrors, unknownConnectionErrors } from './mapping-change.js';

export interface MappingImport {
  kind: ImportKind;
  mappings: readonly ImportedMapping[];
  /** Who imports, as the record shows it. */
  actor: string;
  at: Date;
}

/** Why mappings cannot be imported: pointers index the list. Holds the tenant's settings still until the transaction ends. */
export async function mappingImportErrors(
  tx: EntityManager,
  tenantId: string,
  { kind, mappings }: Pick<MappingImport, 'kind' | 'mappings'>,
): Promise<FieldError[]> {
  await lockSettings(tx, tenantId);
  const { toRow, code, selector } = KIND_TABLES[kind];
  const identityOf = (mapping: ImportedMapping) => identity(toRow(mapping), [code, 'connection_id', 'valid_from', ...selector]);
  return [...(await unknownConnectionErrors(tx, tenantId, mappings)), ...repeatedRowErrors(mappings, identityOf)];
}

/**
 * Adds dated rows of many customers or skus at once; what the list does not name stays as it is. One new epoch per connection, one
 * command for all. Returns the id by which `undoMappingImport` takes it back. Check with `mappingImportErrors` in the same transaction.
 */
export async function importMappings(tx: EntityManager, tenantId: string, wanted: MappingImport): Promise<string> {
  await lockSettings(tx, tenantId);
  const { kind, mappings } = wanted;
  const codes = [...new Set(mappings.map((mapping) => mapping.code))];
  const before = await rowsOfCodes(tx, tenantId, kind, codes);
  const rows = mappings.map((mapping) => ({ ...KIND_TABLES[kind].toRow(mapping), tenant_id: tenantId, recorded_at: wanted.at }));
  await upsertRows(tx, kind, rows);
  const touched = mappings.map((mapping) => mapping.connectionId);
  if (codes.length > 0) await announceMappingChange(tx, tenantId, touched, KIND_TABLES[kind].command(codes));
  return record(tx, tenantId, wanted, codes, before);
}

async function upsertRows(tx: EntityManager, kind: ImportKind, rows: readonly Record<string, unknown>[]): Promise<void> {
  const { table, code, selector } = KIND_TABLES[kind];
  const keys = ['tenant_id', code, 'connection_id', ...selector, 'valid_from'];
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length === 0) return;
  const updates = columns.filter((column) => !keys.includes(column)).map((column) => `${column} = excluded.${column}`);
  await tx.query(
    `insert into ${table} (${columns.join(', ')}) select ${columns.join(', ')} from jsonb_populate_recordset(null::${table}, $1::jsonb)
     on conflict (${keys.join(', ')}) do update set ${updates.join(', ')}`,
    [JSON.stringify(rows)],
  );
}

async function record(
  tx: EntityManager,
  tenantId: string,
  { kind, actor, at }: MappingImport,
  codes: readonly string[],
  before: readonly StoredRow[],
): Promise<string> {
  const id = `imp_${randomUUIDv7()}`;
  const after = await rowsOfCodes(tx, tenantId, kind, codes);
  await tx.query(
    `insert into control.mapping_import (id, tenant_id, kind, codes, rows_before, rows_after, imported_at, imported_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, tenantId, kind, codes, JSON.stringify(before), JSON.stringify(after), at, actor],
  );
  return id;
}

function identity(row: Record<string, unknown>, columns: readonly string[]): string {
  return JSON.stringify(columns.map((column) => row[column]));
}
