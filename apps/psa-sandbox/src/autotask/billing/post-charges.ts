import { dayOf } from '../../admin/text-of.js';
import type { PsaRecord } from '../../admin/record-table.js';
import type { RecordTables } from '../../admin/record-tables.js';
import type { BillingPeriod } from '../billing-periods.js';
import { contractCharge } from '../entities/contract-charge.js';
import { toWireDateTime } from '../plain-date.js';
import { putBillingItem } from './put-billing-item.js';

const CONTRACT_CHARGE = 4;

/** Bills the billable charges of a contract up to the end of a period that are still open; answers the ids of the items. */
export function postCharges(contract: PsaRecord, period: BillingPeriod, tables: RecordTables, now: Date): number[] {
  const charges = tables.where(contractCharge.path, 'contractID', contract['id'] ?? null);
  const open = charges.filter((charge) => charge['isBillableToCompany'] === true && charge['isBilled'] === false);
  const due = open.filter(({ datePurchased }) => dayOf(datePurchased) <= period.end);
  return due.map((charge) => {
    tables.put(contractCharge.path, { ...charge, isBilled: true });
    return putBillingItem(itemOf(charge), contract, toWireDateTime(now), tables);
  });
}

function itemOf(charge: PsaRecord): PsaRecord {
  const { id, datePurchased, name, unitQuantity, unitPrice, billableAmount, extendedCost, purchaseOrderNumber } = charge;
  return {
    contractChargeID: id ?? null,
    billingItemType: CONTRACT_CHARGE,
    itemName: name ?? null,
    itemDate: datePurchased ?? null,
    quantity: unitQuantity ?? null,
    rate: unitPrice ?? null,
    extendedPrice: billableAmount ?? null,
    totalAmount: billableAmount ?? null,
    ourCost: extendedCost ?? null,
    purchaseOrderNumber: purchaseOrderNumber ?? null,
  };
}
