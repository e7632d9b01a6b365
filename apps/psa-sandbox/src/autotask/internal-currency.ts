import { Decimal } from 'decimal.js';
import type { JsonValue } from '../admin/record-table.js';
import type { RecordTables } from '../admin/record-tables.js';

/**
 * An amount of a contract in the tenant's own currency: prices are in the currency of the customer. The rate is the sandbox's own
 * field `internalCurrencyRate` of the company, 1 without one.
 */
export function inInternalCurrency(amount: number, contractID: JsonValue | undefined, tables: RecordTables): number {
  const contract = tables.get('Contracts', Number(contractID));
  const company = tables.get('Companies', Number(contract?.['companyID']));
  return new Decimal(amount).times(Number(company?.['internalCurrencyRate'] ?? 1)).toNumber();
}
