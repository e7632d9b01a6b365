import { type DemoCalendar, daysOn, monthsOn } from './demo-calendar.js';
import { type DemoProduct, products, soldProducts } from './demo-catalogue.js';
import { type DemoCustomer, demoCustomers, demoReseller } from './demo-customers.js';
import type { DemoWorld } from './demo-world.js';

/** Login of the demo connections at the sandbox; local, made up, and the same as the sandbox's default. */
export const demoLogin = { UserName: 'api-user@sandbox.example', Secret: 'sandbox-secret', ApiIntegrationCode: 'SANDBOX-CODE' };

/** The floor that one customer pays for, whatever it holds. */
export const demoFloor = { customer: 'hillcrest-schools', product: products.security, units: 60 };

/** Not in the PSA although it is mapped: somebody has deleted it there. */
const deletedService = products.monitoring;
const shownServices = soldProducts.filter((product) => product !== products.training && product !== deletedService);

/** Content of the Autotask sandbox: what the events say, and the mess in which an MSP's Autotask is found. */
export function demoSandboxState(calendar: DemoCalendar, world: DemoWorld): object {
  const withCompany = demoCustomers.filter(({ oddity }) => oddity !== 'no-such-company');
  return {
    users: [{ userName: demoLogin.UserName, secret: demoLogin.Secret, integrationCode: demoLogin.ApiIntegrationCode }],
    companies: [...withCompany.flatMap(companiesOf), companyOf(demoReseller)],
    services: servicesOf(),
    contracts: [...withCompany.flatMap((customer) => contractsOf(calendar, customer)), resellersContract(calendar)],
    contractServices: [...withCompany.flatMap((customer) => linesOf(customer, world)), ...resellersLines(world)],
  };
}

export function contractId({ companyId }: { companyId: number }): number {
  return 7000 + companyId;
}

/** Id of the contract service of a product. */
export function contractServiceId(
  { companyId }: { companyId: number },
  { psaServiceId }: Pick<DemoProduct, 'psaServiceId'>,
): number {
  return companyId * 1000 + psaServiceId;
}

function companyOf({ companyId, name, code }: { companyId: number; name: string; code: string }): object {
  return { id: companyId, companyName: name, companyNumber: code };
}

function companiesOf(customer: DemoCustomer): object[] {
  if (customer.oddity !== 'same-company-number') return [companyOf(customer)];
  return [companyOf(customer), companyOf({ ...customer, companyId: customer.companyId + 100, name: `${customer.name} (old)` })];
}

/** Two services of one name: a reference by name cannot tell them apart. */
function servicesOf(): object[] {
  const rows = shownServices.map(({ psaServiceId, psaName, unitPrice, sku }) => service(psaServiceId, psaName, unitPrice, sku));
  return [
    ...rows,
    service(306, 'Endpoint Security (before)', 4.8, 'EDR'),
    service(314, products.backup.psaName, 4.4, 'BACKUP-2'),
  ];
}

function service(id: number, name: string, unitPrice: number, sku: string): object {
  return { id, name, unitPrice, periodType: 2, sku, isActive: true };
}

function contractsOf(calendar: DemoCalendar, customer: DemoCustomer): object[] {
  const usual = contract(calendar, customer);
  const firstOfMonth = `${monthsOn(calendar.periods[3].start, -3)}-01`;
  switch (customer.oddity) {
    case 'no-contract':
      return [];
    case 'ended-contract':
      return [{ ...usual, endDate: daysOn(calendar.periods[3].start, -1) }];
    case 'inactive-contract':
      return [{ ...usual, status: 0 }];
    case 'two-contracts':
      return [usual, { ...usual, id: contractId(customer) + 1000, contractName: 'Managed services, new terms' }];
    case 'from-the-first':
      return [{ ...usual, startDate: firstOfMonth, endDate: daysOn(`${monthsOn(firstOfMonth, 18)}-01`, -1) }];
    case 'by-the-year':
      return [{ ...usual, contractPeriodType: 5, endDate: daysOn(`${monthsOn(calendar.periods[3].start, 21)}-26`, -1) }];
    default:
      return [usual];
  }
}

function contract({ periods }: DemoCalendar, customer: { companyId: number }): object {
  return {
    ...{ id: contractId(customer), companyID: customer.companyId, contractName: 'Managed services', contractType: 7, status: 1 },
    startDate: `${monthsOn(periods[3].start, -3)}-26`,
    endDate: daysOn(`${monthsOn(periods[3].start, 15)}-26`, -1),
    contractPeriodType: 2,
  };
}

function linesOf(customer: DemoCustomer, world: DemoWorld): object[] {
  if (customer.oddity === 'no-contract') return [];
  const isBilledHere = customer.reseller?.billedBy !== 'reseller';
  const held = shownServices.filter((product) => world.unitsOf(customer, product) > 0);
  const lines = held
    .filter((product) => isBilledHere && !isLeftOut(customer, product))
    .map((product) => line(customer, product, unitsShown(customer, product, world)));
  const again = { ...line(customer, products.mail, 3), id: contractServiceId(customer, products.mail) + 500 };
  return customer.oddity === 'line-twice' ? [...lines, again] : lines;
}

function isLeftOut({ oddity }: DemoCustomer, product: DemoProduct): boolean {
  const lacking = oddity === 'line-missing' || oddity === 'creates-line' || oddity === 'create-fails';
  return lacking && product === products.voice;
}

function unitsShown(customer: DemoCustomer, product: DemoProduct, world: DemoWorld): number {
  const units = world.unitsOf(customer, product);
  const { oddity, code } = customer;
  if (oddity === 'behind' || product === products.storage) return 0;
  if (oddity === 'from-the-first' && product === products.mail) return 0;
  if (oddity === 'differs' && product === products.mail) return units + 2;
  if (oddity === 'differs-and-adopted' && product === products.mail) return units + 3;
  return code === demoFloor.customer && product === demoFloor.product ? Math.max(units, demoFloor.units) : units;
}

function line(customer: { companyId: number }, product: DemoProduct, units: number): Record<string, number> {
  const id = contractServiceId(customer, product);
  return { id, contractID: contractId(customer), serviceID: product.psaServiceId, units };
}

function resellersContract(calendar: DemoCalendar): object {
  return contract(calendar, demoReseller);
}

/** The sum over the customers for which the reseller is billed. */
function resellersLines(world: DemoWorld): object[] {
  const through = demoCustomers.filter(({ reseller }) => reseller?.billedBy === 'reseller');
  return shownServices
    .map((product) => ({ product, units: through.reduce((sum, customer) => sum + world.unitsOf(customer, product), 0) }))
    .filter(({ units }) => units > 0)
    .map(({ product, units }) => line(demoReseller, product, units));
}
