import type { SqlRunner } from '../sql-runner.js';
import { KIND_TABLES, type ImportKind, type ImportedMapping, type StoredRow, rowsOfCodes } from './import-kind.js';

/** An account or product, and the agreement if the mapping names one. */
export interface MappingTarget {
  ref: string;
  agreementRef?: string;
}

/** What one row of an import does: `before` is in force on its day now, null when nothing is. */
export interface MappingImportChange {
  /** Place in the list. */
  index: number;
  action: 'added' | 'replaced' | 'unchanged';
  before: MappingTarget | null;
  after: MappingTarget;
}

/** What an import of these mappings would change, row by row. */
export async function mappingImportChanges(
  db: SqlRunner,
  tenantId: string,
  kind: ImportKind,
  mappings: readonly ImportedMapping[],
): Promise<MappingImportChange[]> {
  const { toRow, code, selector } = KIND_TABLES[kind];
  const keyOf = (row: Record<string, unknown>) =>
    JSON.stringify([code, 'connection_id', ...selector].map((column) => row[column]));
  const stored = await rowsOfCodes(db, tenantId, kind, [...new Set(mappings.map((mapping) => mapping.code))]);
  const byKey = Map.groupBy(stored, keyOf);
  return mappings.map((mapping, index) => {
    const row = toRow(mapping);
    return { index, ...changeOf(byKey.get(keyOf(row)) ?? [], row as StoredRow) };
  });
}

/** `stored` ascends by day. */
function changeOf(stored: readonly StoredRow[], row: StoredRow): Omit<MappingImportChange, 'index'> {
  const inForce = stored.findLast((one) => one.valid_from <= row.valid_from);
  const before = inForce ? targetOf(inForce) : null;
  const after = targetOf(row)!;
  if (inForce?.valid_from !== row.valid_from) return { action: 'added', before, after };
  const isSame = before?.ref === after.ref && before.agreementRef === after.agreementRef;
  return { action: isSame ? 'unchanged' : 'replaced', before, after };
}

/** Null for a row that ends the mapping. */
function targetOf(row: StoredRow): MappingTarget | null {
  const ref = row['billing_identifier'] ?? row['psa_product_ref'] ?? null;
  if (ref === null) return null;
  const agreementRef = row['agreement_ref'] ?? null;
  return { ref: String(ref), ...(agreementRef !== null && { agreementRef: String(agreementRef) }) };
}
