import { meaningOf, type Code } from '@trueup/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { assigned, call, contractYears, removed, runLogOf, type Scene, SERVICE, SKU } from '@trueup/testing/product';
import { scene } from './scene.js';

interface Entry {
  code: Code;
  alias?: string;
  level: string;
  owner: string;
  remedy?: string;
  message: string;
  customerCode?: string;
}

let stage: Scene;
let log: Entry[];

/** A customer with one seat of a service that is a sku of its own, mapped to a company and a product. */
async function troubled(customer: string, wanted: { company?: number; service?: number }): Promise<void> {
  const { msp, connectionId, now } = stage;
  const sku = `SKU-${customer}`;
  await msp.priceService(`SVC-${customer}`, sku, '2020-01-01');
  if (wanted.service !== undefined) await msp.mapSku(sku, connectionId, wanted.service, '2020-01-01');
  if (wanted.company !== undefined) await msp.mapCustomer(customer, connectionId, wanted.company, '2020-01-01');
  await msp.post([assigned(customer, 'jo', `SVC-${customer}`, now.toISOString())]);
}

async function records(body: Record<string, unknown>): Promise<void> {
  await call('POST', `${stage.msp.sandbox.url}/_sandbox/state`, { body });
}

/** Companies 1 to 5 after `base`, in the states in which an MSP's Autotask is found. */
async function messyAutotask(base: number): Promise<void> {
  const years = contractYears(stage.now);
  const contract = (id: number, companyID: number): object => {
    const dates = { startDate: years.startDate, endDate: years.endDate };
    return { id, companyID, contractName: `Contract ${id}`, contractType: 7, status: 1, contractPeriodType: 2, ...dates };
  };
  await records({
    companies: [1, 2, 3, 4, 5].map((n) => ({ id: base + n, companyName: `Company ${base + n}` })),
    services: [{ id: base + 50, name: `Service ${base + 50}`, unitPrice: 10, periodType: 2, isActive: true }],
    contracts: [
      contract(base + 12, base + 2),
      contract(base + 22, base + 2),
      contract(base + 13, base + 3),
      contract(base + 14, base + 4),
    ],
    contractServices: [
      { id: base + 31, contractID: base + 14, serviceID: base + 50, units: 0 },
      { id: base + 32, contractID: base + 14, serviceID: base + 50, units: 0 },
    ],
  });
}

describe('the run log', () => {
  beforeAll(async () => {
    stage = await scene('Codes', { customers: 2 });
    const base = stage.customers[0]!.companyId + 10_000;
    await messyAutotask(base);
    await troubled('UNMAPPED', { service: base + 50 });
    await troubled('NO-COMPANY', { company: base + 9, service: base + 50 });
    await troubled('NO-CONTRACT', { company: base + 1, service: base + 50 });
    await troubled('TWO-CONTRACTS', { company: base + 2, service: base + 50 });
    await troubled('NO-LINE', { company: base + 3, service: base + 50 });
    await troubled('TWO-LINES', { company: base + 4, service: base + 50 });
    await troubled('NO-PRODUCT', { company: base + 3, service: base + 99 });
    const [good] = stage.customers;
    await stage.msp.post([assigned(good!.code, 'jo', SERVICE, stage.now.toISOString())]);
    await stage.runtime.settled();
    await stage.msp.post([removed(good!.code, 'jo', SERVICE, new Date(stage.now.getTime() + 1000).toISOString())]);
    await stage.runtime.settled();
    log = await runLogOf<Entry>(stage);
  });

  it.each<[Code, string]>([
    ['CUSTOMER_UNMAPPED', 'UNMAPPED'],
    ['CUSTOMER_NOT_FOUND', 'NO-COMPANY'],
    ['AGREEMENT_NOT_FOUND', 'NO-CONTRACT'],
    ['AGREEMENT_AMBIGUOUS', 'TWO-CONTRACTS'],
    ['LINE_MISSING', 'NO-LINE'],
    ['LINE_AMBIGUOUS', 'TWO-LINES'],
    ['PRODUCT_NOT_FOUND', 'NO-PRODUCT'],
    ['LINE_UPDATED', 'CUST-1'],
    ['LINE_ZEROED', 'CUST-1'],
  ])('says %s of %s with its level, owner, alias and remedy', (code, customerCode) => {
    const { level, owner, alias, remedy } = meaningOf(code);
    const found = log.filter((entry) => entry.customerCode === customerCode && entry.code === code);
    expect(found, JSON.stringify(log)).toHaveLength(1);
    expect(found[0]).toMatchObject({ level, owner, ...(alias && { alias }), ...(remedy && { remedy }) });
    expect(found[0]!.message).not.toBe('');
  });

  it('names the candidates where several contracts fit', () => {
    const base = stage.customers[0]!.companyId + 10_000;
    expect(JSON.stringify(log.find(({ code }) => code === 'AGREEMENT_AMBIGUOUS'))).toMatch(
      new RegExp(`${base + 12}.*${base + 22}`),
    );
  });

  it('writes none of the troubled lines', async () => {
    const base = stage.customers[0]!.companyId + 10_000;
    const effects = await stage.msp.sandbox.effects();
    expect(effects.filter(({ body }) => (body.contractID ?? 0) > base && (body.contractID ?? 0) < base + 100)).toEqual([]);
  });

  it('stops a connection whose secrets are refused, says so once, and goes on with new ones', async () => {
    const { msp, runtime, connectionId, customers, now } = stage;
    await msp.api('PUT', `/connections/${connectionId}/secrets`, { body: { Secret: 'mistyped' } });
    await msp.post([assigned(customers[1]!.code, 'ann', SERVICE, now.toISOString())]);
    await runtime.settled();
    expect(await msp.api('GET', `/connections/${connectionId}`)).toMatchObject({ state: 'suspended' });
    expect((await msp.line(customers[1]!.code, SKU)).deliveries).toMatchObject([{ state: 'pending', code: 'SECRETS_INVALID' }]);
    await msp.api('PUT', `/connections/${connectionId}/secrets`, { body: { Secret: 'sandbox-secret' } });
    await runtime.settled();
    expect((await msp.line(customers[1]!.code, SKU)).deliveries).toMatchObject([{ state: 'delivered' }]);
  });
});
