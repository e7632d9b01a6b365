import type { PeriodToPost, PostedPeriod, StateProblem } from '../../admin/psa-model.js';
import type { PsaRecord } from '../../admin/record-table.js';
import type { RecordTables } from '../../admin/record-tables.js';
import type { BillingPeriod } from '../billing-periods.js';
import { periodsOf } from '../contract-dates.js';
import { toWireDateTime } from '../plain-date.js';
import { readUnitRows, writeUnitRows } from '../unit-row-records.js';
import { billRow } from './bill-row.js';
import { postCharges } from './post-charges.js';

/** Approves and posts a billing period, of one contract or of every contract that has it. */
export function postPeriod(
  wanted: PeriodToPost,
  tables: RecordTables,
  now: Date,
): { posted: PostedPeriod[] } | { problems: StateProblem[] } {
  const { contractId } = wanted;
  const contracts = contractId === undefined ? tables.all('Contracts') : [tables.get('Contracts', contractId)];
  const posted = contracts.flatMap((contract) => {
    const period = contract && periodsOf(contract).find((each) => isWanted(each, wanted));
    return period && contract['contractType'] === 7 ? [postOne(contract, period, tables, now)] : [];
  });
  if (posted.length > 0) return { posted };
  return { problems: [{ pointer: '', detail: 'No recurring-service contract has such a billing period.' }] };
}

function isWanted({ start, end }: BillingPeriod, { periodStart, date = '' }: PeriodToPost): boolean {
  return periodStart === undefined ? start <= date && date <= end : start === periodStart;
}

function postOne(contract: PsaRecord, period: BillingPeriod, tables: RecordTables, now: Date): PostedPeriod {
  const lines = tables.where('ContractServices', 'contractID', contract['id'] ?? null);
  const concerned = [...postedPeriods(contract, lines, tables), period];
  const ofLines = lines.flatMap((line) => postLine(contract, line, concerned, tables, now));
  const billingItemIds = [...ofLines, ...postCharges(contract, period, tables, now)];
  return { contractId: Number(contract['id']), periodStart: period.start, periodEnd: period.end, billingItemIds };
}

/** Periods that an earlier post closed: what changed in them since is billed with the next one. */
function postedPeriods(contract: PsaRecord, lines: readonly PsaRecord[], tables: RecordTables): BillingPeriod[] {
  const rows = lines.flatMap(({ id }) => readUnitRows(tables, Number(id)));
  const postedStarts = rows.filter(({ postedOn }) => postedOn !== null).map(({ start }) => start);
  return periodsOf(contract).filter(({ start, end }) => postedStarts.some((day) => start <= day && day <= end));
}

function postLine(
  contract: PsaRecord,
  line: PsaRecord,
  periods: readonly BillingPeriod[],
  tables: RecordTables,
  now: Date,
): number[] {
  const rows = readUnitRows(tables, Number(line['id']));
  const postedOn = toWireDateTime(now);
  const after = rows.map((row) => (row.postedOn === null && periodAt(periods, row.start) ? { ...row, postedOn } : row));
  writeUnitRows(tables, line, after);
  return after.flatMap((row) => {
    const period = periodAt(periods, row.start);
    return period ? billRow({ contract, line, row, rows: after, period, postedOn }, tables) : [];
  });
}

function periodAt(periods: readonly BillingPeriod[], day: string): BillingPeriod | undefined {
  return periods.find(({ start, end }) => start <= day && day <= end);
}
