import { isZeroFrom, type AgreementLineRef, type Located, type Psa, type Refusal } from '@trueup/connector-sdk';
import { findCompanies } from './find-companies.js';
import { findContracts, type ContractWindow } from './find-contracts.js';
import { findServices } from './find-services.js';
import { queryIn } from './query-all.js';

/** Where a line's units are kept. `contractServiceId` null: the service is not on the contract yet. */
export interface UnitsPlace {
  contract: ContractWindow;
  serviceId: number;
  contractServiceId: number | null;
}

/** A service on a contract: what has units. */
export interface ContractService {
  id: number;
  contractID: number;
  serviceID: number;
}

/** Company, contract, service and contract service of every line, a query each for all of them. */
export async function locateLines(lines: readonly AgreementLineRef[], psa: Psa): Promise<(Located<UnitsPlace> | Refusal)[]> {
  const companies = await findCompanies(lines, psa);
  const contracts = await findContracts(lines, companies, psa);
  const services = await findServices(lines, psa);
  const contractIds = [...contracts.values()].filter(isWindow).map((contract) => contract.id);
  const onContract = await contractServicesOf(contractIds, psa);
  return lines.map((line) => {
    const contract = contracts.get(line)!;
    const serviceId = services.get(line)!;
    if (!isWindow(contract)) return contract;
    if (typeof serviceId !== 'number') return serviceId;
    const matching = onContract.filter((each) => each.contractID === contract.id && each.serviceID === serviceId);
    return placeOf(line, contract, serviceId, matching);
  });
}

/** The services on the contracts with these ids. */
export function contractServicesOf(contractIds: readonly number[], psa: Psa): Promise<ContractService[]> {
  return queryIn<ContractService>(psa, 'ContractServices', 'contractID', contractIds, ['id', 'contractID', 'serviceID']);
}

function placeOf(
  line: AgreementLineRef,
  contract: ContractWindow,
  serviceId: number,
  matching: readonly ContractService[],
): Located<UnitsPlace> | Refusal {
  if (matching.length > 1) return ambiguousLine(contract, serviceId, matching);
  const [only] = matching;
  if (only === undefined && !line.change.mayCreateLine && needsLine(line)) {
    return { refused: 'LINE_MISSING', message: `${line.change.description} is not on contract ${contract.id}` };
  }
  const contractServiceId = only?.id ?? null;
  const location = { contract, serviceId, contractServiceId };
  return { line, recordIds: contractServiceId === null ? [] : [String(contractServiceId)], location };
}

function ambiguousLine(contract: ContractWindow, serviceId: number, matching: readonly ContractService[]): Refusal {
  return {
    refused: 'LINE_AMBIGUOUS',
    message: `Contract ${contract.id} has service ${serviceId} ${matching.length} times`,
    candidates: matching.map((each) => String(each.id)),
  };
}

function needsLine({ change }: AgreementLineRef): boolean {
  return !isZeroFrom(change.steps, change.writesFrom);
}

function isWindow(answer: ContractWindow | Refusal): answer is ContractWindow {
  return 'id' in answer;
}
