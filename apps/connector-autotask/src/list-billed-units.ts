import { addDays, levelOn, type PlainDate, type Psa, type PsaLine } from '@trueup/connector-sdk';
import { activeContracts, dayOf, type Contract } from './find-contracts.js';
import {
  companyRefOf,
  COMPANY_FIELDS,
  serviceRefOf,
  SERVICE_FIELDS,
  textOf,
  type Company,
  type Service,
} from './list-entries.js';
import { contractServicesOf, type ContractService } from './locate-lines.js';
import { queryIn } from './query-all.js';
import { unitRowsIn } from './read-units.js';
import { unitSteps, type UnitRow } from './unit-steps.js';

const DAYS_OF_A_MONTH = 31;

/** What names and units of contract services are made of. */
interface Known {
  contracts: ReadonlyMap<number, Contract>;
  companies: ReadonlyMap<number, Company>;
  services: ReadonlyMap<number, Service>;
  rows: ReadonlyMap<number, readonly UnitRow[]>;
}

/** Every contract service of the recurring service contracts in force on `today`, with its units of that day. */
export async function listBilledUnits(psa: Psa, today: PlainDate): Promise<PsaLine[]> {
  const running = await activeContracts(psa, [{ op: 'gte', field: 'endDate', value: today }]);
  const contracts = running.filter(({ startDate, endDate }) => dayOf(startDate) <= today && today <= dayOf(endDate));
  const ids = contracts.map((contract) => contract.id);
  const billed = await contractServicesOf(ids, psa);
  const known = {
    contracts: byId(contracts),
    companies: byId(await companiesOf(contracts, psa)),
    services: byId(await servicesOf(billed, psa)),
    rows: await rowsOf(billed, psa, today),
  };
  return billed.map((each) => lineOf(each, known, psa, today));
}

// The month's next rows too: they tell how to read rows of today that overlap.
function rowsOf(billed: readonly ContractService[], psa: Psa, today: PlainDate): Promise<Map<number, UnitRow[]>> {
  const ids = billed.map((each) => each.id);
  return unitRowsIn({ start: today, end: addDays(today, DAYS_OF_A_MONTH) }, ids, psa);
}

// By id, not as listed for mapping: a company or service that is inactive is billed all the same.
function companiesOf(contracts: readonly Contract[], psa: Psa): Promise<Company[]> {
  const ids = contracts.map((contract) => contract.companyID);
  return queryIn<Company>(psa, 'Companies', 'id', ids, COMPANY_FIELDS);
}

function servicesOf(billed: readonly ContractService[], psa: Psa): Promise<Service[]> {
  const ids = billed.map((each) => each.serviceID);
  return queryIn<Service>(psa, 'Services', 'id', ids, SERVICE_FIELDS);
}

function lineOf({ id, contractID, serviceID }: ContractService, known: Known, psa: Psa, today: PlainDate): PsaLine {
  const contract = known.contracts.get(contractID)!;
  const company = known.companies.get(contract.companyID);
  const service = known.services.get(serviceID);
  const accountRef = company === undefined ? '' : companyRefOf(company, psa);
  const productRef = service === undefined ? '' : serviceRefOf(service, psa);
  const number = textOf(contract.contractNumber);
  const reading = unitSteps(known.rows.get(id) ?? [], []);
  return {
    ref: String(id),
    ...(accountRef !== '' && { accountRef }),
    accountName: nameOf(company?.companyName, contract.companyID),
    agreementRef: String(contract.id),
    agreementName: nameOf(contract.contractName, contract.id),
    ...(number !== '' && { agreementIdentifiers: [number] }),
    ...(productRef !== '' && { productRef }),
    productName: nameOf(service?.name, serviceID),
    ...('steps' in reading && { quantity: levelOn(reading.steps, today) }),
  };
}

/** The id stands in for what the API user may not see. */
function nameOf(name: string | null | undefined, id: number): string {
  const text = textOf(name);
  return text === '' ? String(id) : text;
}

function byId<R extends { id: number }>(records: readonly R[]): Map<number, R> {
  return new Map(records.map((record) => [record.id, record]));
}
