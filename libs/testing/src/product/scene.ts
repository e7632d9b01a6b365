import { contractYears, monthStartOf } from './calendar.js';
import { Msp } from './msp.js';
import { assigned } from './provisioning.js';
import type { Runtime } from './runtime.js';

/** One MSP with a service that is a sku, and customers with an account, a contract and one contract service each. */
export interface Scene {
  runtime: Runtime;
  msp: Msp;
  connectionId: string;
  now: Date;
  today: string;
  monthStart: string;
  customers: readonly SceneCustomer[];
}

export interface SceneCustomer {
  code: string;
  companyId: number;
  /** The contract service of the stage's first product. */
  contractServiceId: number;
  /** One contract service per product of the stage, in their order. */
  lines: readonly { sku: string; contractServiceId: number }[];
}

/** A sku that the stage sells: a service, in some of its plans, and the PSA's service that bills it. */
export interface SceneProduct {
  service: string;
  sku: string;
  /** Null stands for a seat whose plan nothing else names. */
  planCodes: readonly (string | null)[];
  psaServiceId: number;
}

export interface SceneOptions {
  customers?: number;
  /** Units that each contract service holds at first; default 0. */
  units?: number;
  settings?: Record<string, unknown>;
  mode?: 'observe' | 'auto';
  isMapped?: boolean;
  /** Default: the one product SERVICE, which is SKU in every plan. */
  products?: readonly SceneProduct[];
}

export const SERVICE = 'M365-E3';
export const SKU = 'SKU-E3';
const ONE_PRODUCT: readonly SceneProduct[] = [{ service: SERVICE, sku: SKU, planCodes: [null], psaServiceId: 412 }];
// A killed connector's places at the PSA stay taken for this long and seven seconds; stories do not wait for Autotask's own five minutes.
const WRITE_TIMEOUT_MS = 15_000;
let nextId = Math.floor(Math.random() * 1_000_000) * 1000;

/** Sets the stage over HTTP alone. */
export async function setScene(runtime: Runtime, name: string, options: SceneOptions = {}): Promise<Scene> {
  const now = new Date((await runtime.status()).now);
  const msp = await Msp.create(runtime, name);
  const products = options.products ?? ONE_PRODUCT;
  const customers = Array.from({ length: options.customers ?? 1 }, (_, index) => newCustomer(index, products));
  await addContracts(msp, customers, products, { now, units: options.units ?? 0 });
  const monthStart = monthStartOf(now);
  for (const service of new Set(products.map((product) => product.service))) await priceService(msp, service, products);
  const connectionId = await msp.connect('observe', { writeTimeoutMs: WRITE_TIMEOUT_MS, ...options.settings });
  const made = { runtime, msp, connectionId, now, today: now.toISOString().slice(0, 10), monthStart, customers };
  for (const { sku, psaServiceId } of products) await msp.mapSku(sku, connectionId, psaServiceId, '2020-01-01');
  if (options.isMapped ?? true) await mapCustomers(made);
  if ((options.mode ?? 'auto') === 'auto') await msp.api('PUT', `/connections/${connectionId}/mode`, { body: { mode: 'auto' } });
  return made;
}

function newCustomer(index: number, products: readonly SceneProduct[]): SceneCustomer {
  const companyId = (nextId += 1);
  const lines = products.map(({ sku }) => ({ sku, contractServiceId: (nextId += 1) }));
  return { code: `CUST-${index + 1}`, companyId, contractServiceId: lines[0]!.contractServiceId, lines };
}

async function addContracts(
  msp: Msp,
  customers: readonly SceneCustomer[],
  products: readonly SceneProduct[],
  { now, units }: { now: Date; units: number },
): Promise<void> {
  await msp.addContracts(
    customers.map(({ companyId, lines }) => ({
      companyId,
      contractId: companyId,
      ...contractYears(now),
      lines: lines.map(({ contractServiceId: id }, index) => ({ id, serviceId: products[index]!.psaServiceId, units })),
    })),
  );
}

async function priceService(msp: Msp, service: string, products: readonly SceneProduct[]): Promise<void> {
  const own = products.filter((product) => product.service === service);
  const rows = own.flatMap(({ sku, planCodes }) => planCodes.map((planCode) => ({ planCode, sku, validFrom: '2020-01-01' })));
  await msp.api('PUT', `/catalogue/services/${encodeURIComponent(service)}`, { body: { rows } });
}

export async function mapCustomers({ msp, connectionId, customers }: Scene): Promise<void> {
  for (const { code, companyId } of customers) await msp.mapCustomer(code, connectionId, companyId, '2020-01-01');
}

/** What the sandbox's ledger says of one customer's contract service: the writes and their sum. */
export async function writesOf(
  scene: Scene,
  customer: SceneCustomer,
  since = 0,
): Promise<{ count: number; sum: number; dates: string[] }> {
  const effects = (await scene.msp.sandbox.effects(since)).filter(
    ({ body }) => body.contractID === customer.companyId || body.contractServiceID === customer.contractServiceId,
  );
  return {
    count: effects.length,
    sum: effects.reduce((sum, { body }) => sum + (body.unitChange ?? 0), 0),
    dates: effects.map(({ body }) => (body.effectiveDate ?? '').slice(0, 10)),
  };
}

/** The only agreement line of a customer in the stage's connection. */
export async function agreementLineOf(stage: Scene, customer: SceneCustomer): Promise<AgreementLineView> {
  const { data } = await stage.msp.api<{ data: AgreementLineView[] }>(
    'GET',
    `/connections/${stage.connectionId}/agreement-lines?limit=1000`,
  );
  const found = data.filter((line) => line.billingIdentifier === String(customer.companyId));
  if (found.length !== 1) throw new Error(`${found.length} agreement lines of ${customer.code}`);
  return found[0]!;
}

export interface AgreementLineView {
  agreementLineKey: string;
  billingIdentifier: string;
  state: string;
  code: string | null;
  message?: string;
  version: number;
  ours: { from: string; quantity: string }[];
  theirs: { from: string; quantity: string }[] | 'unreadable' | null;
  offset: string;
}

/** What a person decides about a held agreement line. */
export async function resolve(stage: Scene, customer: SceneCustomer, body: Record<string, unknown>): Promise<void> {
  const { agreementLineKey } = await agreementLineOf(stage, customer);
  await stage.msp.api('POST', `/connections/${stage.connectionId}/agreement-lines/${agreementLineKey}/resolve`, { body });
  await stage.runtime.settled();
}

/** Seats of new users for a customer, now. */
export function seats(stage: Scene, customer: SceneCustomer, count: number, prefix = 'u'): ReturnType<typeof assigned>[] {
  return Array.from({ length: count }, (_, n) => assigned(customer.code, `${prefix}${n}`, SERVICE, stage.now.toISOString()));
}

/** Entries of the connection's newest run, with a filter of the log's own. */
export async function runLogOf<E>({ msp, connectionId }: Scene, filter = 'limit=1000'): Promise<E[]> {
  const { data: runs } = await msp.api<{ data: { id: string; connectionId: string }[] }>('GET', '/runs');
  const run = runs.find((candidate) => candidate.connectionId === connectionId)!;
  return (await msp.api<{ data: E[] }>('GET', `/runs/${run.id}/log?${filter}`)).data;
}
