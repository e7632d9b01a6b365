import { dayOf, textOf } from '../admin/text-of.js';
import type { PsaRecord } from '../admin/record-table.js';
import type { RecordTables } from '../admin/record-tables.js';
import { inInternalCurrency } from './internal-currency.js';
import { toWireDate } from './plain-date.js';
import { extendedAmount, type UnitRow } from './unit-rows.js';

const ENTITY = 'ContractServiceUnits';

/** The unit rows of a contract service, by date. */
export function readUnitRows(tables: RecordTables, contractServiceID: number): UnitRow[] {
  const own = tables.where(ENTITY, 'contractServiceID', contractServiceID);
  return own.map(toUnitRow).sort((left, right) => left.start.localeCompare(right.start));
}

/** Brings the stored rows of a contract service to `rows`; untouched rows stay untouched. */
export function writeUnitRows(tables: RecordTables, contractService: PsaRecord, rows: readonly UnitRow[]): void {
  const kept = new Set(rows.map(({ id }) => id));
  for (const { id } of readUnitRows(tables, Number(contractService['id']))) {
    if (!kept.has(id)) tables.remove(ENTITY, id);
  }
  for (const row of rows) {
    const id = row.id === 0 ? tables.nextId(ENTITY) : row.id;
    tables.put(ENTITY, toRecord({ ...row, id }, contractService, tables));
  }
}

/** `rate` and `costRate` are the sandbox's own: the API shows extended amounts only. */
export function toUnitRow(record: PsaRecord): UnitRow {
  return {
    id: Number(record['id']),
    start: dayOf(record['startDate']),
    end: dayOf(record['endDate']),
    units: Number(record['units']),
    rate: Number(record['rate']),
    costRate: Number(record['costRate']),
    postedOn: textOf(record['approveAndPostDate']) || null,
  };
}

function toRecord(row: UnitRow, contractService: PsaRecord, tables: RecordTables): PsaRecord {
  const price = extendedAmount(row.units, row.rate);
  return {
    vendorCompanyID: null,
    organizationalLevelAssociationID: null,
    ...tables.get(ENTITY, row.id),
    id: row.id,
    contractID: contractService['contractID'] ?? null,
    contractServiceID: contractService['id'] ?? null,
    serviceID: contractService['serviceID'] ?? null,
    startDate: toWireDate(row.start),
    endDate: toWireDate(row.end),
    units: row.units,
    price,
    cost: extendedAmount(row.units, row.costRate),
    internalCurrencyPrice: inInternalCurrency(price, contractService['contractID'], tables),
    approveAndPostDate: row.postedOn,
    rate: row.rate,
    costRate: row.costRate,
  };
}
