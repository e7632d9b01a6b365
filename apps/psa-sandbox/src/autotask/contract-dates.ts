import { dayOf } from '../admin/text-of.js';
import type { PsaRecord } from '../admin/record-table.js';
import type { RecordTables } from '../admin/record-tables.js';
import { type BillingPeriod, billingPeriods } from './billing-periods.js';
import type { PlainDate } from './plain-date.js';
import { refuse } from './refusal.js';
import { readUnitRows, writeUnitRows } from './unit-row-records.js';
import type { UnitRow } from './unit-rows.js';

/** First and last day of a contract; both belong to it. */
export function contractWindow(contract: PsaRecord): { start: PlainDate; end: PlainDate } {
  return { start: dayOf(contract['startDate']), end: dayOf(contract['endDate']) };
}

/** The billing periods of a contract, future ones included. */
export function periodsOf(contract: PsaRecord): BillingPeriod[] {
  const { start, end } = contractWindow(contract);
  return billingPeriods(start, end, Number(contract['contractPeriodType'] ?? 2));
}

/** Refuses impossible windows, and a new first day where unit rows depend on the old one. */
export function checkWindow(contract: PsaRecord, before: PsaRecord | undefined, tables: RecordTables): void {
  const { start, end } = contractWindow(contract);
  if (end < start) refuse('endDate must be on or after the startDate of the Contract.');
  const isMoved = before !== undefined && contractWindow(before).start !== start;
  if (isMoved && contractServicesOf(contract, tables).length > 0) {
    refuse('startDate can not be changed while the Contract has services.');
  }
}

/** Brings the unit rows to a moved end: later rows go, missing periods come with the last level. */
export function moveRowsToEnd(contract: PsaRecord, tables: RecordTables): void {
  const periods = periodsOf(contract);
  const { end } = contractWindow(contract);
  for (const contractService of contractServicesOf(contract, tables)) {
    const rows = readUnitRows(tables, Number(contractService['id']));
    writeUnitRows(tables, contractService, rowsUntil(rows, end, periods));
  }
}

function rowsUntil(rows: readonly UnitRow[], end: PlainDate, periods: readonly BillingPeriod[]): UnitRow[] {
  const kept = rows.filter(({ start }) => start <= end);
  const last = kept.at(-1);
  if (!last) return [];
  const periodEnd = periods.find((period) => period.start <= last.start && last.start <= period.end)?.end ?? end;
  const missing = periods.filter(({ start }) => start > last.start);
  const added = missing.map((period) => ({ ...last, ...period, id: 0, postedOn: null }));
  return [...kept.slice(0, -1), { ...last, end: periodEnd }, ...added];
}

function contractServicesOf(contract: PsaRecord, tables: RecordTables): PsaRecord[] {
  return tables.where('ContractServices', 'contractID', contract['id'] ?? null);
}
