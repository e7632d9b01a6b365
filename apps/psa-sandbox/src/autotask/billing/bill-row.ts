import { Decimal } from 'decimal.js';
import { dayOf } from '../../admin/text-of.js';
import type { PsaRecord } from '../../admin/record-table.js';
import type { RecordTables } from '../../admin/record-tables.js';
import type { BillingPeriod } from '../billing-periods.js';
import { billingItem } from '../entities/billing-item.js';
import { daysBetween, toWireDate } from '../plain-date.js';
import type { UnitRow } from '../unit-rows.js';
import { daysInForce, unbilled, type UnitRange } from './unit-ranges.js';

interface RowToBill {
  readonly contract: PsaRecord;
  readonly line: PsaRecord;
  readonly row: UnitRow;
  /** All rows of the line, by date. */
  readonly rows: readonly UnitRow[];
  readonly period: BillingPeriod;
  readonly postedOn: string;
}

const RECURRING_SERVICE = 11;

/** Bills what the items so far leave open of a row: all of it once, a difference after a late change. Answers the new ids. */
export function billRow(toBill: RowToBill, tables: RecordTables): number[] {
  const range = daysInForce(toBill.rows).find(({ row }) => row === toBill.row);
  const pieces = range ? unbilled(range, billedRanges(tables, Number(toBill.line['id']))) : [];
  return pieces.map((piece) => {
    const id = tables.nextId(billingItem.path);
    tables.put(billingItem.path, itemOf(toBill, piece, id, tables));
    return id;
  });
}

/** What the billing items of a contract service have billed so far. */
export function billedRanges(tables: RecordTables, contractServiceID: number): UnitRange[] {
  const items = tables.where(billingItem.path, 'contractServiceID', contractServiceID);
  return items.map(({ firstDay, lastDay, quantity }) => ({
    from: dayOf(firstDay),
    to: dayOf(lastDay),
    units: Number(quantity),
  }));
}

function itemOf({ contract, line, row, period, postedOn }: RowToBill, piece: UnitRange, id: number, tables: RecordTables) {
  const service = tables.get('Services', Number(line['serviceID']));
  const amount = (rate: number) => proratedAmount(piece, rate, period);
  return {
    ...Object.fromEntries(billingItem.fields.map(({ name }) => [name, null] as const)),
    id,
    companyID: contract['companyID'] ?? null,
    contractID: contract['id'] ?? null,
    contractServiceID: line['id'] ?? null,
    contractServicePeriodID: row.id,
    serviceID: line['serviceID'] ?? null,
    billingItemType: RECURRING_SERVICE,
    itemName: service?.['name'] ?? null,
    itemDate: toWireDate(piece.from),
    postedDate: toWireDate(dayOf(postedOn)),
    postedOnTime: postedOn,
    quantity: piece.units,
    rate: row.rate,
    extendedPrice: amount(row.rate),
    totalAmount: amount(row.rate),
    ourCost: amount(row.costRate),
    nonBillable: 0,
    firstDay: toWireDate(piece.from),
    lastDay: toWireDate(piece.to),
  };
}

/** Units times rate, by the days of the billing period, to the cent. */
function proratedAmount({ from, to, units }: UnitRange, rate: number, period: BillingPeriod): number {
  const share = new Decimal(daysBetween(from, to)).div(daysBetween(period.start, period.end));
  return share.times(units).times(rate).toDecimalPlaces(2).toNumber();
}
