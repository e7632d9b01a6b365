import type { Held, Located, PlainDate, Psa, Refusal } from '@trueup/connector-sdk';
import { dayOf, type ContractWindow } from './find-contracts.js';
import type { UnitsPlace } from './locate-lines.js';
import { queryIn, type Condition } from './query-all.js';
import { unitSteps, type UnitRow } from './unit-steps.js';

interface WireRow {
  id: number;
  contractServiceID: number;
  startDate: string;
  endDate: string;
  units: number;
  approveAndPostDate: string | null;
}

/** Days, both included: as those that Autotask has approved and posted. */
export interface DayRange {
  start: PlainDate;
  end: PlainDate;
}

/** What `plan` needs besides the steps. */
export interface HeldUnits {
  contract: ContractWindow;
  serviceId: number;
  contractServiceId: number | null;
  posted: readonly DayRange[];
}

const FIELDS = ['id', 'contractServiceID', 'startDate', 'endDate', 'units', 'approveAndPostDate'] as const;

/** The units by date of every line, in one query for all of them. */
export async function readUnits(lines: readonly Located<UnitsPlace>[], psa: Psa): Promise<(Held<HeldUnits> | Refusal)[]> {
  const ids = lines.flatMap((line) => line.location.contractServiceId ?? []);
  const earliest = lines.map(({ line }) => line.change.writesFrom).sort()[0];
  if (earliest === undefined) return [];
  const byLine = await wireRowsOf(ids, [{ op: 'gte', field: 'endDate', value: earliest }], psa);
  return lines.map((line) => heldOf(line, byLine.get(line.location.contractServiceId ?? 0) ?? []));
}

/** The unit rows of contract services, by contract service, that cover one of the days: both belong to them. */
export async function unitRowsIn({ start, end }: DayRange, ids: readonly number[], psa: Psa): Promise<Map<number, UnitRow[]>> {
  const covers: Condition[] = [
    { op: 'gte', field: 'endDate', value: start },
    { op: 'lte', field: 'startDate', value: end },
  ];
  const byLine = await wireRowsOf(ids, covers, psa);
  return new Map([...byLine].map(([id, wire]) => [id, wire.map(rowOf)]));
}

async function wireRowsOf(ids: readonly number[], conditions: readonly Condition[], psa: Psa): Promise<Map<number, WireRow[]>> {
  const rows = await queryIn<WireRow>(psa, 'ContractServiceUnits', 'contractServiceID', ids, FIELDS, conditions);
  return Map.groupBy(rows, (row) => row.contractServiceID);
}

function heldOf({ line, location, recordIds }: Located<UnitsPlace>, wire: readonly WireRow[]): Held<HeldUnits> | Refusal {
  const { contract, serviceId, contractServiceId } = location;
  const reading = unitSteps(wire.map(rowOf), line.knownLevels);
  if ('unclearOn' in reading) {
    const message = `The unit rows of contract service ${contractServiceId} can be read in two ways on ${reading.unclearOn}`;
    return { refused: 'LINE_AMBIGUOUS', message };
  }
  const posted = wire
    .filter((row) => isSet(row.approveAndPostDate))
    .map(({ startDate, endDate }) => ({ start: dayOf(startDate), end: dayOf(endDate) }));
  const raw = { contract, serviceId, contractServiceId, posted };
  return { steps: reading.steps, from: contract.start, records: recordIds.map((id) => ({ id })), raw };
}

function rowOf({ id, startDate, endDate, units }: WireRow): UnitRow {
  return { id, start: dayOf(startDate), end: dayOf(endDate), units };
}

/** Year 1 stands for "none" in some answers. */
function isSet(date: string | null): boolean {
  return date !== null && date !== undefined && date !== '' && !date.startsWith('0001-');
}
