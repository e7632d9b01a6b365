import { describe, expect, it } from 'vitest';
import {
  agreementLineOf,
  call,
  runLogOf,
  type Scene,
  type SceneCustomer,
  seats,
  SERVICE,
  SKU,
  writesOf,
} from '@trueup/testing/product';
import { scene } from './scene.js';

interface Operation {
  id: string;
  stage: string;
  report?: { rowCount: number; lineCount: number };
}

async function finished({ msp }: Scene, { id }: Operation): Promise<Operation> {
  for (;;) {
    const operation = await msp.api<Operation>('GET', `/operations/${id}`);
    if (operation.stage === 'done' || operation.stage === 'failed') return operation;
  }
}

/** A second service on the customer's contract, and the sku that is mapped to it. */
async function secondService({ msp, connectionId }: Scene, { companyId, contractServiceId }: SceneCustomer): Promise<number> {
  const id = contractServiceId + 5_000_000;
  await call('POST', `${msp.sandbox.url}/_sandbox/state`, {
    body: {
      services: [{ id, name: `Service ${id}`, unitPrice: 10, periodType: 2, isActive: true }],
      contractServices: [{ id: id + 1, contractID: companyId, serviceID: id, units: 0 }],
    },
  });
  await msp.mapSku('SKU-NEW', connectionId, id, '2020-01-01');
  return id + 1;
}

describe('a change of the catalogue', () => {
  it('shows first which lines it touches, then moves their seats to the new product, lines lowered and raised once', async () => {
    const stage = await scene('Catalogue change');
    const { msp, runtime, monthStart, today } = stage;
    const customer = stage.customers[0]!;
    const newLine = await secondService(stage, customer);
    await msp.post(seats(stage, customer, 6));
    await runtime.settled();
    const rows = [{ planCode: null, sku: 'SKU-NEW', validFrom: monthStart }];
    const { lineKeys } = await msp.api<{ lineKeys: string[] }>('PUT', `/catalogue/services/${SERVICE}?dryRun=true`, {
      body: { rows },
    });
    expect(lineKeys).toEqual([(await msp.line(customer.code, SKU)).lineKey]);
    expect(await writesOf(stage, customer)).toMatchObject({ count: 1, sum: 6 });

    await msp.api('PUT', `/catalogue/services/${SERVICE}`, { body: { rows } });
    await runtime.settled();
    expect(await msp.sandbox.unitsOn(customer.contractServiceId, today)).toBe(0);
    expect(await msp.sandbox.unitsOn(newLine, today)).toBe(6);
  });
});

describe('a reprocess', () => {
  it('shows first and, when nothing differs, changes nothing and writes nothing', async () => {
    const stage = await scene('Reprocess');
    const { msp, runtime } = stage;
    const customer = stage.customers[0]!;
    await msp.post(seats(stage, customer, 2));
    await runtime.settled();
    const { id } = await msp.api<{ id: string }>('GET', '/periods/current');
    for (const query of ['?dryRun=true', '']) {
      const asked = await msp.api<Operation>('POST', `/periods/${id}/reprocess${query}`, { expect: 202 });
      expect((await finished(stage, asked)).report).toMatchObject({ rowCount: 0, lineCount: 0 });
    }
    await runtime.settled();
    expect(await writesOf(stage, customer)).toMatchObject({ count: 1, sum: 2 });
    expect((await msp.line(customer.code, SKU)).targetVersion).toBe(1);
  });
});

describe('an account that would hold nothing', () => {
  it('keeps what it has and says so, for nobody removed anything', async () => {
    const stage = await scene('Empty period', { customers: 2 });
    const { msp, runtime, monthStart } = stage;
    for (const customer of stage.customers) await msp.post(seats(stage, customer, 3));
    await runtime.settled();
    await msp.priceService(SERVICE, 'SKU-NOBODY-SELLS', monthStart);
    await runtime.settled();
    for (const customer of stage.customers) {
      expect(await agreementLineOf(stage, customer)).toMatchObject({ state: 'held', code: 'PERIOD_EMPTY' });
      expect(await writesOf(stage, customer)).toMatchObject({ count: 1, sum: 3 });
    }
    const entries = await runLogOf<{ code: string; level: string; owner: string }>(stage, 'code=PERIOD_EMPTY');
    expect(entries).toMatchObject(stage.customers.map(() => ({ level: 'Warning', owner: 'finance' })));
  });
});

describe('a mapping that ends with its units taken out', () => {
  it('brings the contract to zero and is shown as zeroed', async () => {
    const stage = await scene('Unmap to zero');
    const { msp, runtime, connectionId, today } = stage;
    const customer = stage.customers[0]!;
    await msp.post(seats(stage, customer, 3));
    await runtime.settled();
    await msp.api('DELETE', `/mappings/customers/${customer.code}?connectionId=${connectionId}&onRemove=zero`);
    await runtime.settled();
    expect(await writesOf(stage, customer)).toMatchObject({ count: 2, sum: 0 });
    expect(await msp.sandbox.unitsOn(customer.contractServiceId, today)).toBe(0);
  });
});
