import type { PsaRecord } from '../admin/record-table.js';
import type { RecordTables } from '../admin/record-tables.js';
import type { AutotaskRecords } from './autotask-state.js';
import { contractWindow, periodsOf } from './contract-dates.js';
import { effectiveRates, withPrices } from './contract-service-records.js';
import { inInternalCurrency } from './internal-currency.js';
import { readUnitRows, writeUnitRows } from './unit-row-records.js';
import { extendedAmount, type RowEnd, withRowsFrom } from './unit-rows.js';

/** A contract service with what its catalogue entry says. */
export function completeContractService(record: PsaRecord, tables: RecordTables): PsaRecord {
  const service = tables.get('Services', Number(record['serviceID']));
  return withPrices(
    {
      ...record,
      unitPrice: record['unitPrice'] ?? service?.['unitPrice'] ?? null,
      unitCost: record['unitCost'] ?? service?.['unitCost'] ?? null,
    },
    tables,
  );
}

/** A unit row with its line's ids, rates and extended amounts. */
export function completeUnitRow(record: PsaRecord, tables: RecordTables): PsaRecord {
  const line = tables.get('ContractServices', Number(record['contractServiceID'])) ?? {};
  const rates = effectiveRates(line);
  const rate = Number(record['rate'] ?? rates.rate);
  const costRate = Number(record['costRate'] ?? rates.costRate);
  const price = record['price'] ?? extendedAmount(Number(record['units']), rate);
  return {
    ...record,
    contractID: record['contractID'] ?? line['contractID'] ?? null,
    serviceID: record['serviceID'] ?? line['serviceID'] ?? null,
    price,
    cost: record['cost'] ?? extendedAmount(Number(record['units']), costRate),
    internalCurrencyPrice: record['internalCurrencyPrice'] ?? inInternalCurrency(Number(price), line['contractID'], tables),
    rate,
    costRate,
  };
}

/** Rows for every billing period of the contract, for lines that came with `units` instead of rows. */
export function generateRows(given: AutotaskRecords['contractServices'], rowEnd: RowEnd, tables: RecordTables): void {
  for (const { id, units } of given) {
    if (readUnitRows(tables, id).length > 0 || units === undefined) continue;
    const line = tables.get('ContractServices', id)!;
    const contract = tables.get('Contracts', Number(line['contractID']))!;
    const { start } = contractWindow(contract);
    const rows = withRowsFrom([], start, periodsOf(contract), effectiveRates(line), rowEnd);
    writeUnitRows(
      tables,
      line,
      rows.map((row) => ({ ...row, units: Number(units) })),
    );
  }
}
