import type { BillingSpan, LineBilling } from '../../admin/psa-model.js';
import type { PsaRecord } from '../../admin/record-table.js';
import type { RecordTables } from '../../admin/record-tables.js';
import { textOf } from '../../admin/text-of.js';
import { daysBetween } from '../plain-date.js';
import { readUnitRows } from '../unit-row-records.js';
import { billedRanges } from './bill-row.js';
import { clipped, daysInForce, unitDaysOf } from './unit-ranges.js';

/** What every contract service is billed for within the days asked for, and what of it has been billed. */
export function billingOfLines({ contractId, from, to }: BillingSpan, tables: RecordTables): LineBilling[] {
  const all = tables.all('ContractServices');
  const lines = contractId === undefined ? all : all.filter((line) => line['contractID'] === contractId);
  return lines.map((line) => {
    const id = Number(line['id']);
    const ranges = clipped(daysInForce(readUnitRows(tables, id)), from, to);
    return {
      contractId: Number(line['contractID']),
      contractServiceId: id,
      serviceId: Number(line['serviceID']),
      ...namesOf(line, tables),
      unitDays: unitDaysOf(ranges),
      billedUnitDays: unitDaysOf(clipped(billedRanges(tables, id), from, to)),
      ranges: ranges.map((range) => ({ ...range, days: daysBetween(range.from, range.to), unitDays: unitDaysOf([range]) })),
    };
  });
}

function namesOf(line: PsaRecord, tables: RecordTables): Pick<LineBilling, 'customer' | 'contract' | 'product'> {
  const contract = tables.get('Contracts', Number(line['contractID']));
  const company = tables.get('Companies', Number(contract?.['companyID']));
  const service = tables.get('Services', Number(line['serviceID']));
  return {
    customer: textOf(company?.['companyName']),
    contract: textOf(contract?.['contractName']),
    product: textOf(service?.['name']),
  };
}
