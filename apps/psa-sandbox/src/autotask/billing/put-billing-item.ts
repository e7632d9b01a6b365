import { dayOf } from '../../admin/text-of.js';
import type { PsaRecord } from '../../admin/record-table.js';
import type { RecordTables } from '../../admin/record-tables.js';
import { billingItem } from '../entities/billing-item.js';
import { toWireDate } from '../plain-date.js';

/** Stores a billing item with what every item has; answers its id. `postedOn` is the wire instant of the post. */
export function putBillingItem(values: PsaRecord, contract: PsaRecord, postedOn: string, tables: RecordTables): number {
  const id = tables.nextId(billingItem.path);
  tables.put(billingItem.path, {
    ...Object.fromEntries(billingItem.fields.map(({ name }) => [name, null] as const)),
    ...values,
    id,
    companyID: contract['companyID'] ?? null,
    contractID: contract['id'] ?? null,
    postedDate: toWireDate(dayOf(postedOn)),
    postedOnTime: postedOn,
    nonBillable: 0,
  });
  return id;
}
