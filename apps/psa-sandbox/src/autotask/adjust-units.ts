import { dayOf } from '../admin/text-of.js';
import type { PsaRecord } from '../admin/record-table.js';
import type { AutotaskContext } from './autotask-context.js';
import { contractWindow, periodsOf } from './contract-dates.js';
import { createContractService, effectiveRates, withPrices } from './contract-service-records.js';
import { contractServiceAdjustment } from './entities/contract-service-adjustment.js';
import { refuse } from './refusal.js';
import { readUnitRows, writeUnitRows } from './unit-row-records.js';
import { changedRows, touchesPostedRow, type UnitChange, type UnitRow, withRowsFrom } from './unit-rows.js';
import { newRecord } from './write-record.js';

const DUPLICATE = 'Attempt to insert duplicate data into contract_service_period.';
const POSTED =
  'Unable to make changes as it would result in the deletion/modification of an already approved and posted contract period.';

/** Applies one signed, dated change of units; answers the id of the adjustment. */
export function adjustUnits(context: AutotaskContext, values: Readonly<Record<string, unknown>>): number {
  const { tables, switches } = context;
  const adjustment = newRecord(contractServiceAdjustment, values, tables);
  const change = toUnitChange(adjustment);
  const contract = contractOf(context, adjustment);
  checkWindow(contract, change);
  const line = findContractService(context, adjustment) ?? createContractService(context, contract, adjustment);
  const lineId = Number(line['id']);
  checkSameDate(context, contract, lineId, change);
  const rows = readUnitRows(tables, lineId);
  const periods = periodsOf(contract);
  const complete = withRowsFrom(rows, change.effectiveDate, periods, effectiveRates(line), switches.rowEnd);
  const after = changedRows(complete, change, switches.rowEnd);
  checkPosted(context, rows, change);
  checkNegative(context, after, change);
  writeUnitRows(tables, line, after);
  if (change.rate !== undefined) tables.put('ContractServices', withPrices({ ...line, adjustedPrice: change.rate }, tables));
  tables.put(contractServiceAdjustment.path, { ...adjustment, contractServiceID: lineId });
  return Number(adjustment['id']);
}

function toUnitChange(adjustment: PsaRecord): UnitChange {
  const { unitChange, effectiveDate, adjustedUnitPrice, adjustedUnitCost } = adjustment;
  if (unitChange === null) return refuse('Missing Required Field: unitChange.');
  return {
    effectiveDate: dayOf(effectiveDate),
    unitChange: Number(unitChange),
    ...(adjustedUnitPrice === null ? {} : { rate: Number(adjustedUnitPrice) }),
    ...(adjustedUnitCost === null ? {} : { costRate: Number(adjustedUnitCost) }),
  };
}

function contractOf({ tables }: AutotaskContext, adjustment: PsaRecord): PsaRecord {
  const line = tables.get('ContractServices', Number(adjustment['contractServiceID']));
  const contractID = adjustment['contractID'] ?? line?.['contractID'] ?? null;
  if (contractID === null) return refuse('Missing Required Field: contractServiceID or contractID and serviceID.');
  if (line && line['contractID'] !== contractID) refuse('contractServiceID does not belong to the Contract.');
  const contract = tables.get('Contracts', Number(contractID))!;
  return contract['contractType'] === 7 ? contract : refuse('The Contract must be of type Recurring Service.');
}

function findContractService({ tables }: AutotaskContext, adjustment: PsaRecord): PsaRecord | undefined {
  const { contractServiceID, contractID, serviceID, allowRepeatService } = adjustment;
  if (contractServiceID !== null) return tables.get('ContractServices', Number(contractServiceID));
  if (serviceID === null) return refuse('Missing Required Field: contractServiceID or serviceID.');
  if (allowRepeatService === true) return undefined;
  const lines = tables.where('ContractServices', 'contractID', contractID ?? null);
  return lines.find((line) => line['serviceID'] === serviceID);
}

function checkWindow(contract: PsaRecord, { effectiveDate }: UnitChange): void {
  const { start, end } = contractWindow(contract);
  if (effectiveDate >= start && effectiveDate <= end) return;
  refuse('ContractServiceAdjustment effectiveDate must be between the start date and end date of the Contract.');
}

function checkSameDate(context: AutotaskContext, contract: PsaRecord, lineId: number, change: UnitChange): void {
  const { tables, switches } = context;
  const day = change.effectiveDate;
  if (switches.sameDateRule === 'never') return;
  const isFirstDay = periodsOf(contract).some(({ start }) => start === day);
  if (isFirstDay && switches.sameDateRule === 'inside-periods') return;
  const adjustments = tables.where(contractServiceAdjustment.path, 'contractServiceID', lineId);
  const isUsed = adjustments.some(({ effectiveDate }) => dayOf(effectiveDate) === day);
  const isSplitThere = !isFirstDay && readUnitRows(tables, lineId).some(({ start }) => start === day);
  if (isUsed || isSplitThere) refuse(DUPLICATE);
}

function checkPosted({ switches }: AutotaskContext, rows: readonly UnitRow[], { effectiveDate }: UnitChange): void {
  if (switches.postedPeriods === 'accept') return;
  if (touchesPostedRow(rows, effectiveDate)) refuse(POSTED);
}

function checkNegative({ switches }: AutotaskContext, rows: readonly UnitRow[], { effectiveDate }: UnitChange): void {
  if (switches.negativeUnits === 'allow') return;
  const isNegative = rows.some(({ start, units }) => start >= effectiveDate && units < 0);
  if (isNegative) refuse('unitChange would result in a negative number of units.');
}
