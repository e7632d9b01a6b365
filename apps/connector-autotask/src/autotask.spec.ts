import { readManifest, type Connector } from '@trueup/connector-sdk';
import { Bench, MemoryLedger, wordsOf } from '@trueup/connector-sdk/testing';
import { startAutotaskSandbox, type RunningSandbox } from '@trueup/psa-sandbox/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { autotask } from './autotask.js';

const secrets = { UserName: 'api-user@sandbox.example', Secret: 'sandbox-secret', ApiIntegrationCode: 'SANDBOX-CODE' };
const contract = {
  id: 7001,
  companyID: 174,
  contractName: 'Managed services',
  contractType: 7,
  status: 1,
  contractPeriodType: 2,
};
const golden = {
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
  body: { contractServiceID?: number; serviceID?: number; unitChange: number; effectiveDate: string };
}

let ledger: MemoryLedger;
let sandbox: RunningSandbox;
let bench: Bench;

const start = Date.parse('2026-07-20T10:00:00.000Z');
const clock = { now: () => new Date(start), offsetMs: () => 0, moveTo: () => undefined };

beforeEach(async () => {
  sandbox = await startAutotaskSandbox({ clock });
  await admin('PUT', 'state', golden);
  open();
});
afterEach(async () => {
  await bench.stop();
  await sandbox.close();
});

function open(settings: ConstructorParameters<typeof Bench>[0]['settings'] = {}, baseUrl = sandbox.url): void {
  ledger = new MemoryLedger({ quietMs: 250, longestMs: 1_000 });
  const manifest = readManifest(new URL('../connector.manifest.json', import.meta.url));
  const connector = autotask as unknown as Connector;
  bench = new Bench({ ledger, connector, manifest, baseUrl, secrets, settings: { settleMs: 1_000, ...settings } });
}

async function reopen(settings: Parameters<typeof open>[0], baseUrl?: string): Promise<void> {
  await bench.stop();
  open(settings, baseUrl);
}

async function admin<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${sandbox.url}/_sandbox/${path}`, {
    method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

async function effects(): Promise<string[]> {
  const { effects: all } = await admin<{ effects: Effect[] }>('GET', 'effects?since=0');
  return all
    .filter((effect) => effect.by === 'api')
    .map(({ body }) => `${body.unitChange} on ${body.effectiveDate.slice(0, 10)}`);
}

const acme = { account: { billingIdentifier: '174' }, product: { ref: '412', sku: 'SKU' } };
const vouched = { acceptFound: { steps: [{ from: '2026-07-01', quantity: '11' }] } };
const steps = (...pairs: [string, string][]) => pairs.map(([from, quantity]) => ({ from, quantity, periodId: '2026-07-31' }));

async function deliver(more: Parameters<Bench['change']>[2], version = 1): Promise<void> {
  await bench.accept(bench.change(version, '0', { ...acme, ...more }));
  await bench.run();
}

describe('Autotask over HTTP', () => {
  it('goes through the golden scenario: one signed adjustment a day', async () => {
    await deliver({ ...vouched, steps: steps(['2026-07-01', '11'], ['2026-07-13', '14']) });
    expect(await effects()).toEqual(['3 on 2026-07-13']);
    await deliver({ prorate: false, steps: steps(['2026-07-01', '11'], ['2026-07-13', '14'], ['2026-08-01', '0']) }, 2);
    expect(await effects()).toEqual(['3 on 2026-07-13', '-14 on 2026-08-01']);
    expect(wordsOf(ledger.outcomes)).toEqual(['delivered:LINE_UPDATED', 'zeroed:LINE_ZEROED']);
    expect(ledger.outcomes[0]).toMatchObject({ writes: [{ effectiveDate: '2026-07-13', before: '11', after: '14' }] });
  });

  it('writes a change once though the answer was cut off', async () => {
    await admin('POST', 'faults', { kind: 'apply-then-drop-connection', match: { access: 'write' } });
    await deliver({ ...vouched, steps: steps(['2026-07-01', '11'], ['2026-07-13', '14']) });
    await bench.run(5_000);
    expect(await effects()).toEqual(['3 on 2026-07-13']);
    expect(wordsOf(ledger.outcomes).at(-1)).toBe('delivered:LINE_UPDATED');
  });

  it('writes a change that was cut off before it took effect, after the settle time', async () => {
    await admin('POST', 'faults', { kind: 'drop-before-apply', match: { access: 'write' } });
    await deliver({ ...vouched, steps: steps(['2026-07-01', '11'], ['2026-07-13', '14']) });
    expect(await effects()).toEqual([]);
    expect(wordsOf(ledger.outcomes)).toEqual(['unsettled:OUTCOME_UNSETTLED']);
    await bench.run(600);
    await bench.run(600);
    expect(await effects()).toEqual(['3 on 2026-07-13']);
    expect(wordsOf(ledger.outcomes).at(-1)).toBe('delivered:LINE_UPDATED');
  });

  it('answers a taken date by waiting for the next period', async () => {
    await admin('PUT', 'state', { ...golden, switches: { sameDateRule: 'always' } });
    await deliver({ ...vouched, prorate: false, steps: steps(['2026-07-01', '12']) });
    await deliver({ prorate: false, steps: steps(['2026-07-01', '13']) }, 2);
    expect(await effects()).toEqual(['1 on 2026-07-01']);
    expect(ledger.outcomes.at(-1)).toMatchObject({ kind: 'deferred', code: 'EFFECTIVE_DATE_TAKEN', until: '2026-08-01' });
    await bench.run(15 * 86_400_000);
    expect(await effects()).toEqual(['1 on 2026-07-01', '1 on 2026-08-01']);
    expect(wordsOf(ledger.outcomes).at(-1)).toBe('delivered:LINE_UPDATED');
  });

  it('creates a missing line where that is allowed, and reports it otherwise', async () => {
    const backup = { product: { ref: '413', sku: 'B' }, prorate: false, steps: steps(['2026-07-01', '2']) };
    await deliver(backup);
    await deliver({ ...backup, mayCreateLine: true }, 2);
    expect(wordsOf(ledger.outcomes)).toEqual(['rejected:LINE_MISSING', 'created:LINE_CREATED']);
    expect(await effects()).toEqual(['2 on 2026-07-01']);
    await deliver({ ...backup, steps: steps(['2026-07-01', '5']) }, 3);
    expect(await effects()).toEqual(['2 on 2026-07-01', '3 on 2026-07-01']);
  });

  it('names what it cannot find or tell apart', async () => {
    const second = { ...golden.contracts[0], id: 7002 };
    const twice = [...golden.contractServices, { id: 9051, contractID: 7001, serviceID: 412, units: 1 }];
    await deliver({ agreementLineKey: 'a', account: { billingIdentifier: '999' } });
    await deliver({ agreementLineKey: 'b', product: { ref: '999', sku: 'S' } });
    await admin('PUT', 'state', { ...golden, contractServices: twice });
    await deliver({ agreementLineKey: 'c', steps: steps(['2026-07-01', '1']) });
    await admin('PUT', 'state', { ...golden, contracts: [...golden.contracts, second] });
    await deliver({ agreementLineKey: 'd' });
    await admin('PUT', 'state', { ...golden, contracts: [{ ...golden.contracts[0], endDate: '2026-07-19' }] });
    await deliver({ agreementLineKey: 'e' });
    expect(ledger.outcomes.map((outcome) => outcome.code)).toEqual([
      'CUSTOMER_NOT_FOUND',
      'PRODUCT_NOT_FOUND',
      'LINE_AMBIGUOUS',
      'AGREEMENT_AMBIGUOUS',
      'AGREEMENT_NOT_FOUND',
    ]);
    expect(ledger.outcomes[3]?.candidates).toEqual(['7001 Managed services', '7002 Managed services']);
  });

  it('finds company and service by number and name', async () => {
    await reopen({ companyMatch: 'companyNumber', skuField: 'name' });
    await deliver({
      ...vouched,
      account: { billingIdentifier: 'acme' },
      product: { ref: 'Mailbox', sku: 'S' },
      steps: steps(['2026-07-02', '11'], ['2026-07-03', '12']),
      writesFrom: '2026-07-02',
    });
    expect(await effects()).toEqual(['1 on 2026-07-03']);
  });

  it('uses an API base as it is, and the zone that discovery names otherwise', async () => {
    await admin('PUT', 'state', { ...golden, switches: { strictZone: true } });
    await deliver({ ...vouched, steps: steps(['2026-07-01', '11'], ['2026-07-13', '12']) });
    expect(await effects()).toEqual(['1 on 2026-07-13']);
    await reopen({}, `${sandbox.url}/zone7/ATServicesRest`);
    await deliver({
      agreementLineKey: 'al_2',
      acceptFound: { steps: steps(['2026-07-01', '11'], ['2026-07-13', '12']) },
      steps: steps(['2026-07-01', '11'], ['2026-07-13', '12'], ['2026-07-14', '13']),
    });
    expect(await effects()).toEqual(['1 on 2026-07-13', '1 on 2026-07-14']);
  });

  it('stops at once when the secrets are not accepted', async () => {
    bench.connection = { ...bench.connection, secrets: { ...secrets, Secret: 'wrong' } };
    await deliver({ steps: steps(['2026-07-01', '12']) });
    await deliver({ steps: steps(['2026-07-01', '13']) }, 2);
    expect(wordsOf(ledger.outcomes)).toEqual([
      'deferred:SECRETS_INVALID',
      'superseded:LINE_UNCHANGED',
      'deferred:SECRETS_INVALID',
    ]);
    const { total } = await admin<{ total: number }>('GET', 'stats').catch(() => ({ total: 0 }));
    expect(total).toBeLessThanOrEqual(2);
  });
});
