import { Decimal } from 'decimal.js';
import { dayOf } from '../../admin/text-of.js';
import type { PsaRecord } from '../../admin/record-table.js';
import type { RecordTables } from '../../admin/record-tables.js';
import type { BillingPeriod } from '../billing-periods.js';
import { billingItem } from '../entities/billing-item.js';
import { daysBetween, toWireDate } from '../plain-date.js';
import type { UnitRow } from '../unit-rows.js';
import { putBillingItem } from './put-billing-item.js';
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
  return pieces.map((piece) => putBillingItem(itemOf(toBill, piece, tables), toBill.contract, toBill.postedOn, tables));
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

function itemOf({ line, row, period }: RowToBill, piece: UnitRange, tables: RecordTables): PsaRecord {
  const service = tables.get('Services', Number(line['serviceID']));
  const price = proratedAmount(piece, row.rate, period);
  return {
    contractServiceID: line['id'] ?? null,
    contractServicePeriodID: row.id,
    serviceID: line['serviceID'] ?? null,
    billingItemType: RECURRING_SERVICE,
    itemName: service?.['name'] ?? null,
    itemDate: toWireDate(piece.from),
    quantity: piece.units,
    rate: row.rate,
    extendedPrice: price,
    totalAmount: price,
    ourCost: proratedAmount(piece, row.costRate, period),
    firstDay: toWireDate(piece.from),
    lastDay: toWireDate(piece.to),
  };
}

/** Units times rate, by the days of the billing period, to the cent. */
function proratedAmount({ from, to, units }: UnitRange, rate: number, period: BillingPeriod): number {
  const share = new Decimal(daysBetween(from, to)).div(daysBetween(period.start, period.end));
  return share.times(units).times(rate).toDecimalPlaces(2).toNumber();
}
