import { Decimal } from 'decimal.js';
import type { PsaRecord } from '../admin/record-table.js';
import type { RecordTables } from '../admin/record-tables.js';
import type { AutotaskContext } from './autotask-context.js';
import { contractCharge } from './entities/contract-charge.js';
import { toWireDateTime } from './plain-date.js';
import { refuse } from './refusal.js';
import { newRecord } from './write-record.js';

type Values = Readonly<Record<string, unknown>>;

/** Stores a new charge; answers its id. */
export function addCharge({ tables, now }: AutotaskContext, values: Values): number {
  const charge = newRecord(contractCharge, values, tables);
  checkCharge(charge, tables);
  const at = toWireDateTime(now);
  tables.put(contractCharge.path, { ...completeCharge(charge, tables), createDate: at, statusLastModifiedDate: at });
  return Number(charge['id']);
}

/** Stores a changed charge, as long as it is not billed; answers its id. */
export function changeCharge({ tables, now }: AutotaskContext, charge: PsaRecord): number {
  const before = tables.get(contractCharge.path, Number(charge['id']));
  checkUnbilled(before);
  checkCharge(charge, tables);
  const isMoved = before?.['status'] !== charge['status'];
  const stamp: PsaRecord = isMoved ? { statusLastModifiedDate: toWireDateTime(now) } : {};
  tables.put(contractCharge.path, { ...completeCharge(charge, tables), ...stamp });
  return Number(charge['id']);
}

/** Removes a charge, as long as it is not billed. */
export function deleteCharge({ tables }: AutotaskContext, contractID: number, id: number): void {
  const charge = tables.get(contractCharge.path, id);
  if (charge?.['contractID'] !== contractID) refuse(`No matching ContractCharge found for id ${id}.`);
  checkUnbilled(charge);
  tables.remove(contractCharge.path, id);
}

/** The charge with its amounts; prices that nobody gave are those of its product or billing code. */
export function completeCharge(charge: PsaRecord, tables: RecordTables): PsaRecord {
  const { productID, billingCodeID, unitQuantity } = charge;
  const source =
    productID === null ? tables.get('BillingCodes', Number(billingCodeID)) : tables.get('Products', Number(productID));
  const unitPrice = charge['unitPrice'] ?? source?.['unitPrice'] ?? 0;
  const unitCost = charge['unitCost'] ?? source?.['unitCost'] ?? 0;
  const times = (rate: unknown) => new Decimal(Number(unitQuantity)).times(Number(rate)).toNumber();
  return {
    ...charge,
    unitPrice,
    unitCost,
    billableAmount: times(unitPrice),
    extendedCost: times(unitCost),
    isBillableToCompany: charge['isBillableToCompany'] ?? false,
    isBilled: charge['isBilled'] ?? false,
  };
}

function checkCharge({ productID, billingCodeID, contractServiceID, contractID }: PsaRecord, tables: RecordTables): void {
  if (productID === null && billingCodeID === null) refuse('Missing Required Field: productID or billingCodeID.');
  const line = tables.get('ContractServices', Number(contractServiceID));
  if (line && line['contractID'] !== contractID) refuse('contractServiceID does not belong to the Contract.');
}

function checkUnbilled(charge: PsaRecord | undefined): void {
  if (charge?.['isBilled'] === true) refuse('The ContractCharge has been billed and can not be changed or deleted.');
}
