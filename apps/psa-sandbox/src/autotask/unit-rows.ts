import { Decimal } from 'decimal.js';
import type { BillingPeriod } from './billing-periods.js';
import { type PlainDate, plusDays } from './plain-date.js';

/** A range of days with one quantity and one rate. `id` 0 = not stored yet. */
export interface UnitRow {
  readonly id: number;
  readonly start: PlainDate;
  readonly end: PlainDate;
  readonly units: number;
  /** Price of one unit for the whole row. */
  readonly rate: number;
  readonly costRate: number;
  readonly postedOn: string | null;
}

/** A signed change of units from a day on, with the rates from that day if they change. */
export interface UnitChange {
  readonly effectiveDate: PlainDate;
  readonly unitChange: number;
  readonly rate?: number;
  readonly costRate?: number;
}

export type RowEnd = 'same-day' | 'day-before';

/** Fills the days between `from` and the first row with rows of no units, period by period. */
export function withRowsFrom(
  rows: readonly UnitRow[],
  from: PlainDate,
  periods: readonly BillingPeriod[],
  fresh: Pick<UnitRow, 'rate' | 'costRate'>,
  rowEnd: RowEnd,
): UnitRow[] {
  const first = rows[0]?.start;
  const missing = periods.filter(({ start, end }) => end >= from && (first === undefined || start < first));
  const added = missing.map(({ start, end }) => {
    const isCut = first !== undefined && first <= end;
    const last = isCut ? lastDayBefore(first, rowEnd) : end;
    return { id: 0, start: start < from ? from : start, end: last, units: 0, ...fresh, postedOn: null };
  });
  return [...added.filter(({ start }) => first === undefined || start < first), ...rows];
}

/** Applies a change: the row that covers its day is split there, and every later row changes too. */
export function changedRows(rows: readonly UnitRow[], change: UnitChange, rowEnd: RowEnd): UnitRow[] {
  const day = change.effectiveDate;
  return rows.flatMap((row, index) => {
    if (row.start >= day) return [changed(row, change)];
    if (!isTouched(row, rows[index + 1], day)) return [row];
    const before = { ...row, end: lastDayBefore(day, rowEnd) };
    return [before, changed({ ...row, id: 0, start: day, postedOn: null }, change)];
  });
}

/** Whether a change from `day` on alters a posted row. */
export function touchesPostedRow(rows: readonly UnitRow[], day: PlainDate): boolean {
  return rows.some((row, index) => row.postedOn !== null && isTouched(row, rows[index + 1], day));
}

/** Units in force on a day: those of the covering row that begins last. */
export function unitsOn(rows: readonly UnitRow[], day: PlainDate): number {
  return rows.findLast(({ start, end }) => start <= day && day <= end)?.units ?? 0;
}

/** `units × rate`, exact: what the API calls price and cost of a row. */
export function extendedAmount(units: number, rate: number): number {
  return new Decimal(units).times(rate).toNumber();
}

/** A row that ends on the day on which the next one begins does not cover that day. */
function isTouched(row: UnitRow, next: UnitRow | undefined, day: PlainDate): boolean {
  return row.start >= day || (day <= row.end && (next === undefined || next.start > day));
}

function changed(row: UnitRow, { unitChange, rate, costRate }: UnitChange): UnitRow {
  const rates = { rate: rate ?? row.rate, costRate: costRate ?? row.costRate };
  return { ...row, ...rates, units: row.units + unitChange };
}

function lastDayBefore(day: PlainDate, rowEnd: RowEnd): PlainDate {
  return rowEnd === 'same-day' ? day : plusDays(day, -1);
}
