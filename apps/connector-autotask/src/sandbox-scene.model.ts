import { readManifest, type Connector } from '@trueup/connector-sdk';
import { Bench, MemoryLedger, type BenchOptions } from '@trueup/connector-sdk/testing';
import { startAutotaskSandbox } from '@trueup/psa-sandbox/testing';
import { afterEach, beforeEach } from 'vitest';
import { autotask } from './autotask.js';
import { checkAccess } from './check-access.js';

export const secrets = { UserName: 'api-user@sandbox.example', Secret: 'sandbox-secret', ApiIntegrationCode: 'SANDBOX-CODE' };

const contract = {
  id: 7001,
  companyID: 174,
  contractName: 'Managed services',
  contractType: 7,
  status: 1,
  contractPeriodType: 2,
};

/** Contract 7001, monthly, service 412, eleven units: the scenario whose figures are known. */
export const golden = {
  companies: [{ id: 174, companyName: 'Acme', companyNumber: 'ACME' }],
  contracts: [{ ...contract, startDate: '2026-07-01', endDate: '2027-06-30' }],
  services: [
    { id: 412, name: 'Mailbox', unitPrice: 23.1, periodType: 2, isActive: true },
    { id: 413, name: 'Backup', unitPrice: 5, periodType: 2, isActive: true },
  ],
  contractServices: [{ id: 9050, contractID: 7001, serviceID: 412, units: 11 }],
};

interface Effect {
  by: string;
  body: { unitChange: number; effectiveDate: string };
}

/** The Autotask connector on a bench, in front of a sandbox over HTTP. */
export class SandboxScene {
  ledger!: MemoryLedger;
  bench!: Bench;

  constructor(readonly sandboxUrl: string) {}

  /** A new ledger and connection; closes the bench before. */
  async open(settings: BenchOptions['settings'] = {}, baseUrl = this.sandboxUrl): Promise<void> {
    await this.close();
    this.ledger = new MemoryLedger({ quietMs: 250, longestMs: 1_000 });
    this.bench = new Bench({
      ledger: this.ledger,
      connector: autotask as unknown as Connector,
      manifest: readManifest(new URL('../connector.manifest.json', import.meta.url)),
      baseUrl,
      secrets,
      settings: { settleMs: 1_000, ...settings },
    });
  }

  async close(): Promise<void> {
    await (this.bench as Bench | undefined)?.stop();
  }

  /** One version of a line of Acme, carried out until nothing is due. */
  async deliver(more: Parameters<Bench['change']>[2], version = 1): Promise<void> {
    const acme = { account: { billingIdentifier: '174' }, product: { ref: '412', sku: 'SKU' } };
    await this.bench.accept(this.bench.change(version, '0', { ...acme, ...more }));
    await this.bench.run();
  }

  /** The findings of a connection check. */
  check(): ReturnType<typeof checkAccess> {
    return checkAccess(this.bench.psa);
  }

  /** Adjustments that took effect, `3 on 2026-07-13`. */
  async effects(): Promise<string[]> {
    const { effects: all } = await this.admin<{ effects: Effect[] }>('GET', 'effects?since=0');
    const ours = all.filter((effect) => effect.by === 'api');
    return ours.map(({ body }) => `${body.unitChange} on ${body.effectiveDate.slice(0, 10)}`);
  }

  async admin<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers = { 'content-type': 'application/json' };
    const sent = body === undefined ? null : JSON.stringify(body);
    const answer = await fetch(`${this.sandboxUrl}/_sandbox/${path}`, { method, headers, body: sent });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    const text = await answer.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}

/** Sets the golden scenario in a sandbox of its own before each test. */
export function onGoldenScene(set: (scene: SandboxScene) => void, options?: Parameters<typeof startAutotaskSandbox>[0]): void {
  let close: () => Promise<void>;
  beforeEach(async () => {
    const sandbox = await startAutotaskSandbox(options);
    const scene = new SandboxScene(sandbox.url);
    close = async () => {
      await scene.close();
      await sandbox.close();
    };
    await scene.admin('PUT', 'state', golden);
    await scene.open();
    set(scene);
  });
  afterEach(() => close());
}

/** Steps of a change from `[day, units]` pairs. */
export function stepsOf(...pairs: [string, string][]) {
  return pairs.map(([from, quantity]) => ({ from, quantity, periodId: '2026-07-31' }));
}

/** A person says that the eleven units are right. */
export const elevenVouchedFor = { acceptFound: { steps: [{ from: '2026-07-01', quantity: '11' }] } };
