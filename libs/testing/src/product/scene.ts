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
  contractServiceId: number;
}

export interface SceneOptions {
  customers?: number;
  /** Units that each contract service holds at first; default 0. */
  units?: number;
  settings?: Record<string, unknown>;
  mode?: 'observe' | 'auto';
  isMapped?: boolean;
}

export const SERVICE = 'M365-E3';
export const SKU = 'SKU-E3';
const SERVICE_ID = 412;
let nextId = Math.floor(Math.random() * 1_000_000) * 1000;

/** Sets the stage over HTTP alone. */
export async function setScene(runtime: Runtime, name: string, options: SceneOptions = {}): Promise<Scene> {
  const now = new Date((await runtime.status()).now);
  const msp = await Msp.create(runtime, name);
  const customers = Array.from({ length: options.customers ?? 1 }, (_, index) => ({
    code: `CUST-${index + 1}`,
    companyId: (nextId += 1),
    contractServiceId: (nextId += 1),
  }));
  await msp.addContracts(
    customers.map(({ companyId, contractServiceId }) => ({
      companyId,
      contractId: companyId,
      ...contractYears(now),
      lines: [{ id: contractServiceId, serviceId: SERVICE_ID, units: options.units ?? 0 }],
    })),
  );
  const monthStart = monthStartOf(now);
  await msp.priceService(SERVICE, SKU, '2020-01-01');
  const connectionId = await msp.connect('observe', options.settings);
  const made = { runtime, msp, connectionId, now, today: now.toISOString().slice(0, 10), monthStart, customers };
  await msp.mapSku(SKU, connectionId, SERVICE_ID, '2020-01-01');
  if (options.isMapped ?? true) await mapCustomers(made);
  if ((options.mode ?? 'auto') === 'auto') await msp.api('PUT', `/connections/${connectionId}/mode`, { body: { mode: 'auto' } });
  return made;
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
