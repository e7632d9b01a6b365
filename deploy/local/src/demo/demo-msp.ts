/** One customer of the demo MSP and its account in the sandbox. */
export interface DemoCustomer {
  readonly code: string;
  readonly name: string;
  /** Id of the company in the sandbox; contract and contract services derive from it. */
  readonly companyId: number;
  /** False: the PSA agrees from the start. True: it shows 0 units, and the first writes come from us. */
  readonly isBehind: boolean;
}

/** One thing that is sold, and what the PSA calls it. */
export interface DemoProduct {
  readonly sku: string;
  readonly serviceCode: string;
  readonly serviceName: string;
  readonly planCode: string | null;
  readonly planName: string | null;
  readonly psaServiceId: number;
  readonly unitPrice: number;
}

/** One user, or the customer itself, holding a product. */
export interface DemoHolding {
  readonly customer: DemoCustomer;
  readonly product: DemoProduct;
  readonly userCode: string | null;
  readonly quantity: number;
  /** 0..1: how far into the current period it began; null = before it. */
  readonly beganAt: number | null;
}

export interface DemoUser {
  readonly code: string;
  readonly name: string;
  readonly customer: DemoCustomer;
}

export const demoCustomers: readonly DemoCustomer[] = [
  { code: 'alder-legal', name: 'Alder & Finch Legal', companyId: 101, isBehind: false },
  { code: 'bayside-dental', name: 'Bayside Dental', companyId: 102, isBehind: false },
  { code: 'copper-kettle', name: 'Copper Kettle Foods', companyId: 103, isBehind: false },
  { code: 'drift-design', name: 'Drift Design Studio', companyId: 104, isBehind: false },
  { code: 'eastgate-logistics', name: 'Eastgate Logistics', companyId: 105, isBehind: true },
  { code: 'fern-valley-vets', name: 'Fern Valley Vets', companyId: 106, isBehind: true },
];

const mail = { serviceCode: 'mail', serviceName: 'Business Mail', planCode: null, planName: null };
const office = { serviceCode: 'office', serviceName: 'Office Apps' };
const backup = { serviceCode: 'backup', serviceName: 'Laptop Backup', planCode: null, planName: null };
const firewall = { serviceCode: 'firewall', serviceName: 'Managed Firewall', planCode: null, planName: null };
const mailProduct = { ...mail, sku: 'MAIL', psaServiceId: 301, unitPrice: 6.5 };
const officeStandard = { ...office, planCode: null, planName: null, sku: 'OFFICE-STD', psaServiceId: 302, unitPrice: 12.8 };
const officePremium = {
  ...office,
  planCode: 'premium',
  planName: 'Premium',
  sku: 'OFFICE-PREM',
  psaServiceId: 303,
  unitPrice: 23.1,
};
const backupProduct = { ...backup, sku: 'BACKUP', psaServiceId: 304, unitPrice: 4 };
const firewallProduct = { ...firewall, sku: 'FIREWALL', psaServiceId: 305, unitPrice: 89 };

export const demoProducts: readonly DemoProduct[] = [mailProduct, officeStandard, officePremium, backupProduct, firewallProduct];

const firstNames = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eva', 'Finn', 'Gia', 'Hugo', 'Ines', 'Jon'];
const lastNames = ['Archer', 'Brook', 'Castle', 'Dale', 'Ellis', 'Frost'];

/** 60 people, ten per customer. */
export const demoUsers: readonly DemoUser[] = demoCustomers.flatMap((customer, row) =>
  firstNames.map((first) => {
    const name = `${first} ${lastNames[row]}`;
    return { code: name.toLowerCase().replace(' ', '.'), name, customer };
  }),
);

/** Who holds what: everybody mail, every other one Office (some Premium), every third a backup, each customer firewalls. */
export const demoHoldings: readonly DemoHolding[] = [
  ...demoUsers.flatMap((user, index) => productsOf(index).map((product) => holdingOf(user, index, product))),
  ...demoCustomers.map((customer, row) => ({
    customer,
    product: firewallProduct,
    userCode: null,
    quantity: 1 + (row % 3),
    beganAt: null,
  })),
];

function productsOf(index: number): DemoProduct[] {
  const officePlan = index % 4 === 0 ? officePremium : officeStandard;
  return [mailProduct, ...(index % 2 === 0 ? [officePlan] : []), ...(index % 3 === 0 ? [backupProduct] : [])];
}

/** The last two of every customer joined in the current period. */
function holdingOf({ customer, code }: DemoUser, index: number, product: DemoProduct): DemoHolding {
  const place = index % 10;
  return { customer, product, userCode: code, quantity: 1, beganAt: place < 8 ? null : (place - 7) / 4 };
}

/** Units that a customer holds of a product today. */
export function demoUnits(customer: DemoCustomer, product: DemoProduct): number {
  const held = demoHoldings.filter((holding) => holding.customer === customer && holding.product === product);
  return held.reduce((sum, { quantity }) => sum + quantity, 0);
}
