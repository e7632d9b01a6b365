import { type DemoProduct, products } from './demo-catalogue.js';

/** Which of the demo's connections bills a customer: the main one, the one of the brand that was bought, and
 * two that are being set up: one without a good secret, one with a mistyped address. */
export type DemoConnectionName = 'main' | 'harbour' | 'trial' | 'mistyped';

/** What is odd about a customer in the PSA. Most have nothing. */
export type DemoOddity =
  | 'behind'
  | 'differs'
  | 'differs-and-adopted'
  | 'no-such-company'
  | 'no-contract'
  | 'ended-contract'
  | 'inactive-contract'
  | 'two-contracts'
  | 'line-twice'
  | 'line-missing'
  | 'from-the-first'
  | 'by-the-year'
  | 'same-company-number'
  | 'creates-line'
  | 'create-fails'
  | 'posted'
  | 'waits-for-night'
  | 'claimed-twice';

export interface DemoCustomer {
  readonly code: string;
  readonly name: string;
  /** Id of the company in the sandbox; its contract and contract services derive from it. */
  readonly companyId: number;
  readonly userCount: number;
  /** Null: nobody has mapped the customer. */
  readonly connection: DemoConnectionName | null;
  readonly oddity: DemoOddity | null;
  /** The reseller that it came through, and who is billed. */
  readonly reseller: { readonly code: string; readonly billedBy: 'provider' | 'reseller' } | null;
  /** What it holds besides what everybody may hold. */
  readonly only: readonly DemoProduct[] | null;
}

/** The reseller is billed for two of its three customers; it has an account of its own. */
export const demoReseller = { code: 'southern-cloud', name: 'Southern Cloud Partners', companyId: 150 };

const names = [
  ...['Alder & Finch Legal', 'Bayside Dental', 'Copper Kettle Foods', 'Drift Design Studio', 'Eastgate Logistics'],
  ...['Fern Valley Vets', 'Granite Peak Builders', 'Hillcrest Schools', 'Ironbark Timber', 'Juniper Health'],
  ...['Kauri Accountants', 'Lakeside Hotels', 'Matai Engineering', 'North Shore Print', 'Orchard Cider'],
  ...['Pohutukawa Press', 'Quayside Marine', 'Rata Pharmacies', 'Summit Surveyors', 'Totara Estates'],
  ...['Upland Wool', 'Viaduct Catering', 'Waimea Winery', 'Yarrow Opticians', 'Zenith Glass'],
  ...['Anchor Freight', 'Bluff Oysters', 'Cobalt Architects', 'Dune Outdoor', 'Estuary Research'],
  ...['Foundry Gym', 'Gannet Couriers', 'Harbour Bakery', 'Inlet Ferries', 'Jetty Realty'],
  ...['Kestrel Aviation', 'Lantern Books', 'Mooring Finance', 'Nimbus Solar', 'Osprey Security'],
];

const special: Readonly<Record<string, Partial<Pick<DemoCustomer, 'connection' | 'oddity' | 'only'>>>> = {
  'drift-design': { oddity: 'differs' },
  'eastgate-logistics': { oddity: 'behind' },
  'fern-valley': { oddity: 'behind' },
  'granite-peak': { oddity: 'differs-and-adopted' },
  'ironbark-timber': { oddity: 'no-such-company' },
  'juniper-health': { oddity: 'no-contract' },
  'kauri-accountants': { oddity: 'ended-contract' },
  'lakeside-hotels': { oddity: 'inactive-contract' },
  'matai-engineering': { oddity: 'two-contracts' },
  'north-shore': { oddity: 'line-twice' },
  'orchard-cider': { oddity: 'line-missing' },
  'pohutukawa-press': { oddity: 'from-the-first' },
  'quayside-marine': { oddity: 'by-the-year' },
  'upland-wool': { connection: null },
  'viaduct-catering': { only: [products.fax] },
  'harbour-bakery': { connection: 'harbour', oddity: 'waits-for-night' },
  'inlet-ferries': { connection: 'harbour', oddity: 'same-company-number' },
  'jetty-realty': { connection: 'harbour', oddity: 'creates-line' },
  'kestrel-aviation': { connection: 'harbour', oddity: 'create-fails' },
  'lantern-books': { connection: 'harbour', oddity: 'posted' },
  'mooring-finance': { oddity: 'claimed-twice' },
  'osprey-security': { connection: 'trial' },
  'totara-estates': { connection: 'mistyped' },
};
const resold: Readonly<Record<string, 'provider' | 'reseller'>> = {
  'waimea-winery': 'reseller',
  'yarrow-opticians': 'reseller',
  'zenith-glass': 'provider',
};

export const demoCustomers: readonly DemoCustomer[] = names.map((name, index) => {
  const code = codeOf(name);
  const billedBy = resold[code];
  const given = special[code] ?? {};
  return {
    ...{ code, name, companyId: 101 + index, userCount: given.only ? 8 : 20 + ((index * 37) % 90) },
    connection: given.connection === undefined ? 'main' : given.connection,
    oddity: given.oddity ?? null,
    reseller: billedBy === undefined ? null : { code: demoReseller.code, billedBy },
    only: given.only ?? null,
  };
});

/** The first two words, as upstream systems code them. */
function codeOf(name: string): string {
  const words = name.toLowerCase().match(/[a-z]+/g)!;
  return words.slice(0, 2).join('-');
}

/** The customer with a code; throws when the demo has none. */
export function demoCustomer(code: string): DemoCustomer {
  const found = demoCustomers.find((one) => one.code === code);
  if (found === undefined) throw new RangeError(`the demo has no customer ${code}`);
  return found;
}
