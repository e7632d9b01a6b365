import type { AgreementLineRef, PlainDate, Psa, Refusal } from '@trueup/connector-sdk';
import { isSameText } from './find-companies.js';
import { queryAll, queryIn, type Condition } from './query-all.js';

const RECURRING_SERVICE = 7;
const ACTIVE = 1;

/** A contract as Autotask shows it. */
export interface Contract {
  id: number;
  companyID: number;
  contractName: string;
  contractNumber: string | null;
  contractPeriodType: number | string | null;
  startDate: string;
  endDate: string;
}

/** A contract as the plan needs it: both days belong to it. */
export interface ContractWindow {
  id: number;
  start: PlainDate;
  end: PlainDate;
  periodMonths: number;
}

const IS_RECURRING: readonly Condition[] = [
  { op: 'eq', field: 'contractType', value: RECURRING_SERVICE },
  { op: 'eq', field: 'status', value: ACTIVE },
];
const FIELDS = ['id', 'companyID', 'contractName', 'contractNumber', 'contractPeriodType', 'startDate', 'endDate'] as const;

/** The recurring service contract of every line: of its company, active, and the named one if one is named. */
export async function findContracts(
  lines: readonly AgreementLineRef[],
  companies: ReadonlyMap<AgreementLineRef, number | Refusal>,
  psa: Psa,
): Promise<Map<AgreementLineRef, ContractWindow | Refusal>> {
  const ids = [...companies.values()].filter((each) => typeof each === 'number');
  const contracts = await queryIn<Contract>(psa, 'Contracts', 'companyID', ids, FIELDS, IS_RECURRING);
  return new Map(
    lines.map((line) => {
      const company = companies.get(line)!;
      return [line, typeof company === 'number' ? contractOf(line, company, contracts) : company];
    }),
  );
}

/** Every active recurring service contract that meets the conditions. */
export function activeContracts(psa: Psa, conditions: readonly Condition[]): Promise<Contract[]> {
  return queryAll<Contract>(psa, 'Contracts', [...IS_RECURRING, ...conditions], FIELDS);
}

function contractOf(line: AgreementLineRef, companyId: number, contracts: readonly Contract[]): ContractWindow | Refusal {
  const { agreementRef } = line.change;
  const ofCompany = contracts.filter((each) => each.companyID === companyId);
  const named = agreementRef === undefined ? ofCompany : ofCompany.filter((each) => isNamed(each, agreementRef));
  const matching = namesakes(line, named);
  const [first, second] = matching;
  if (first === undefined) return { refused: 'AGREEMENT_NOT_FOUND', message: notFound(companyId, line.on, agreementRef) };
  if (second === undefined) return windowOf(first);
  return {
    refused: 'AGREEMENT_AMBIGUOUS',
    message: `Company ${companyId} has ${matching.length} active recurring service contracts on ${line.on}`,
    candidates: matching.map((each) => `${each.id} ${each.contractName}`),
  };
}

/** In force on the line's day; else, for a line that we know, the one that ended last; else the next one to begin. */
function namesakes(line: AgreementLineRef, contracts: readonly Contract[]): Contract[] {
  const { on, change, knownLevels } = line;
  const inForce = contracts.filter((each) => dayOf(each.startDate) <= on && on <= dayOf(each.endDate));
  if (inForce.length > 0) return inForce;
  const ended = contracts.filter((each) => dayOf(each.endDate) < on && dayOf(each.endDate) >= change.writesFrom);
  const last = ended
    .map((each) => dayOf(each.endDate))
    .sort()
    .at(-1);
  if (last !== undefined && knownLevels.length > 0) return ended.filter((each) => dayOf(each.endDate) === last);
  const toCome = contracts.filter((each) => dayOf(each.startDate) > on);
  const next = toCome.map((each) => dayOf(each.startDate)).sort()[0];
  return toCome.filter((each) => dayOf(each.startDate) === next);
}

function notFound(companyId: number, on: PlainDate, agreementRef: string | undefined): string {
  const which = agreementRef === undefined ? 'no active recurring service contract' : `no such contract ${agreementRef}`;
  return `Company ${companyId} has ${which} on ${on}, or the API user may not see it`;
}

function isNamed(contract: Contract, agreementRef: string): boolean {
  return String(contract.id) === agreementRef.trim() || isSameText(contract.contractNumber, agreementRef);
}

function windowOf({ id, startDate, endDate, contractPeriodType }: Contract): ContractWindow {
  return { id, start: dayOf(startDate), end: dayOf(endDate), periodMonths: periodMonthsOf(contractPeriodType) };
}

/** Monthly unless the contract says quarterly, half-yearly or yearly. */
function periodMonthsOf(type: number | string | null): number {
  return { '3': 3, q: 3, '4': 6, s: 6, '5': 12, y: 12 }[String(type ?? '').toLowerCase()] ?? 1;
}

/** The date part: Autotask's zone on the wire is uncertain, the day is not. */
export function dayOf(wire: string): PlainDate {
  return wire.slice(0, 10);
}
