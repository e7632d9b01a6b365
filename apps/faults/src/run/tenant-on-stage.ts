import { type Runtime, setScene, wholeBelow } from '@trueup/testing/product';
import type { LoadedTenant } from '../fault.js';
import { EventMaker } from '../load/event-maker.js';
import { PersistentSender } from '../load/persistent-sender.js';
import { PRODUCTS } from '../load/products.js';
import { SentLedger } from '../load/sent-ledger.js';

const DAY_MS = 86_400_000;
const SETTLE_MS = 1_500;

/** One of the two tenants of a run, with what the checker needs of its sender. */
export interface TenantOnStage extends LoadedTenant {
  role: 'main' | 'neighbour';
  /** Name of the acting person in all of its events. */
  mark: string;
  ledger: SentLedger;
  /** The sandbox's ledger had so many entries when the tenant was made. */
  effectsBefore: number;
}

/** A new tenant with customers, contracts and a sender; `seed` decides how many customers it has and what happens there. */
export async function tenantOnStage(
  runtime: Runtime,
  role: TenantOnStage['role'],
  run: { name: string; seed: number; random: () => number },
): Promise<TenantOnStage> {
  const customers = 3 + wholeBelow(run.random, 4);
  const scene = await setScene(runtime, `${run.name} ${role}`, {
    customers,
    products: PRODUCTS,
    settings: { settleMs: SETTLE_MS },
  });
  // People in a service desk lower quantities all day; the built-in limit on what goes without a removal would hold such lines, as it should.
  await scene.msp.api('PUT', '/guards', { body: [{ scope: {}, kind: 'max-absent', unit: 'percent', value: '100' }] });
  const mark = `desk-of-${role}`;
  const ledger = new SentLedger();
  const firstMs = Math.max(Date.parse(`${scene.monthStart}T00:00:01Z`), scene.now.getTime() - 2 * DAY_MS);
  const codes = scene.customers.map(({ code }) => code);
  const maker = new EventMaker(run.seed, codes, { prefix: run.name.replaceAll(' ', '-'), actor: mark }, firstMs);
  const load = new PersistentSender({ runtime, token: () => scene.msp.tokens.events, maker, ledger });
  return { role, msp: scene.msp, scene, load, mark, ledger, effectsBefore: await scene.msp.sandbox.lastSeq() };
}
