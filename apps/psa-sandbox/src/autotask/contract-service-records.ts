import type { PsaRecord } from '../admin/record-table.js';
import type { RecordTables } from '../admin/record-tables.js';
import type { AutotaskContext } from './autotask-context.js';
import { contractWindow, periodsOf } from './contract-dates.js';
import { contractService } from './entities/contract-service.js';
import { inInternalCurrency } from './internal-currency.js';
import { refuse } from './refusal.js';
import { readUnitRows, writeUnitRows } from './unit-row-records.js';
import { type UnitRow, withRowsFrom } from './unit-rows.js';
import { newRecord } from './write-record.js';

/** The rates that a line's rows bear: its own price where it has one, else the list price. */
export function effectiveRates(line: PsaRecord): Pick<UnitRow, 'rate' | 'costRate'> {
  return {
    rate: Number(line['adjustedPrice'] ?? line['unitPrice'] ?? 0),
    costRate: Number(line['unitCost'] ?? 0),
  };
}

/** A further line of a contract for the adjustment's service; it has no rows yet. */
export function createContractService(context: AutotaskContext, contract: PsaRecord, adjustment: PsaRecord): PsaRecord {
  const { serviceID, adjustedUnitPrice, adjustedUnitCost, quoteItemID } = adjustment;
  const values = {
    contractID: contract['id'],
    serviceID,
    adjustedPrice: adjustedUnitPrice,
    unitCost: adjustedUnitCost,
    quoteItemID,
  };
  return storeContractService(context.tables, values);
}

/** A line posted by itself: its rows hold no units until an adjustment says otherwise. */
export function addContractService({ tables, switches }: AutotaskContext, values: Readonly<Record<string, unknown>>): number {
  const line = storeContractService(tables, values);
  const contract = tables.get('Contracts', Number(line['contractID']))!;
  const { start } = contractWindow(contract);
  const rows = withRowsFrom([], start, periodsOf(contract), effectiveRates(line), switches.rowEnd);
  writeUnitRows(tables, line, rows);
  return Number(line['id']);
}

/** Stores a line's new price and gives it to every row that is not posted. */
export function repriceContractService(tables: RecordTables, line: PsaRecord): void {
  tables.put(contractService.path, withPrices(line, tables));
  const { rate } = effectiveRates(line);
  const rows = readUnitRows(tables, Number(line['id']));
  writeUnitRows(
    tables,
    line,
    rows.map((row) => (row.postedOn === null ? { ...row, rate } : row)),
  );
}

/** The fields that the API derives from list price and own price. */
export function withPrices(line: PsaRecord, tables: RecordTables): PsaRecord {
  const { contractID, unitPrice } = line;
  const inOwn = (amount: number) => inInternalCurrency(amount, contractID, tables);
  const listPrice = unitPrice === undefined || unitPrice === null ? null : inOwn(Number(unitPrice));
  return { ...line, internalCurrencyUnitPrice: listPrice, internalCurrencyAdjustedPrice: inOwn(effectiveRates(line).rate) };
}

function storeContractService(tables: RecordTables, values: Readonly<Record<string, unknown>>): PsaRecord {
  const record = newRecord(contractService, values, tables);
  const contract = tables.get('Contracts', Number(record['contractID']));
  if (contract?.['contractType'] !== 7) refuse('The Contract must be of type Recurring Service.');
  const service = tables.get('Services', Number(record['serviceID']));
  const line = withPrices(
    {
      ...record,
      unitPrice: service?.['unitPrice'] ?? null,
      unitCost: record['unitCost'] ?? service?.['unitCost'] ?? null,
      invoiceDescription: record['invoiceDescription'] ?? service?.['invoiceDescription'] ?? null,
    },
    tables,
  );
  tables.put(contractService.path, line);
  return line;
}
