import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { goldenState, type SandboxUnderTest, startSandboxUnderTest } from '../sandbox-under-test.js';

let sandbox: SandboxUnderTest;

beforeEach(async () => {
  sandbox = await startSandboxUnderTest({
    ...goldenState,
    billingCodes: [{ id: 20, name: 'Cloud usage', unitPrice: 5 }],
    products: [{ id: 5100, name: 'Azure', productBillingCodeID: 20, unitPrice: 812.44, unitCost: 706.47 }],
  });
});

afterEach(() => sandbox.close());

const usage = {
  name: 'Azure usage 2026-06',
  datePurchased: '2026-07-05T00:00:00',
  chargeType: 1,
  productID: 5100,
  unitQuantity: 1,
};
const create = (more: object = {}) =>
  sandbox.api('POST', 'Contracts/7001/Charges', { ...usage, isBillableToCompany: true, ...more });
const patch = (values: object) => sandbox.api('PATCH', 'Contracts/7001/Charges', values);
const charge = async (id = 1) => (await sandbox.api('GET', `ContractCharges/${id}`)).body.item;
const items = async () => {
  const filter = [{ op: 'exist', field: 'contractChargeID' }];
  return (await sandbox.api('POST', 'BillingItems/query', { filter })).body.items;
};

describe('a charge', () => {
  it('is created under its contract, with prices of its product and computed amounts', async () => {
    expect((await create({ unitQuantity: 3, unitCost: 0.1 })).body).toEqual({ itemId: 1 });
    expect(await charge()).toMatchObject({
      contractID: 7001,
      unitPrice: 812.44,
      billableAmount: 2437.32,
      extendedCost: 0.3,
      isBilled: false,
      createDate: '2026-07-15T12:00:00.000Z',
    });
  });

  it('is found by contract and own key', async () => {
    await create({ internalPurchaseOrderNumber: 'own:acme:2026-06' });
    const filter = [
      { op: 'eq', field: 'contractID', value: 7001 },
      { op: 'eq', field: 'internalPurchaseOrderNumber', value: 'own:acme:2026-06' },
    ];
    expect((await sandbox.api('POST', 'ContractCharges/query', { filter })).body.items).toHaveLength(1);
    expect((await sandbox.api('GET', 'Contracts/7001/Charges')).body.items).toHaveLength(1);
  });

  it.each([
    [{ productID: null }, 'productID or billingCodeID'],
    [{ productID: 1 }, 'productID does not exist'],
    [{ productID: null, billingCodeID: 1 }, 'billingCodeID does not exist'],
    [{ unitQuantity: null }, 'Missing Required Field: unitQuantity'],
    [{ chargeType: 9 }, 'picklist'],
  ])('is refused with 500 and without effect: %j', async (more, text) => {
    const { status, body } = await create(more);
    expect([status, body.errors[0]]).toEqual([500, expect.stringContaining(text)]);
    expect(await sandbox.effects(1)).toEqual([]);
  });

  it('takes a billing code in place of a product', async () => {
    await create({ productID: null, billingCodeID: 20, unitQuantity: 1.5 });
    expect(await charge()).toMatchObject({ unitPrice: 5, billableAmount: 7.5 });
  });

  it('computes anew when it is changed, whatever the caller says', async () => {
    await create();
    await patch({ id: 1, unitQuantity: 2, billableAmount: 1, isBilled: true });
    expect(await charge()).toMatchObject({ billableAmount: 1624.88, isBilled: false });
  });

  it('is deleted under its own contract only', async () => {
    await create();
    expect((await sandbox.api('DELETE', 'Contracts/7002/Charges/1')).status).toBe(500);
    expect((await sandbox.api('DELETE', 'ContractCharges/1')).status).toBe(405);
    expect((await sandbox.api('DELETE', 'Contracts/7001/Charges/1')).body).toEqual({ itemId: 1 });
    expect(await charge()).toBeNull();
    expect((await sandbox.api('DELETE', 'Contracts/7001/Charges/1')).status).toBe(500);
  });
});

describe('a post', () => {
  const post = (periodStart: string) => sandbox.admin('POST', 'post-period', { contractId: 7001, periodStart });

  it('bills the charges up to its end, which nobody changes afterwards', async () => {
    await create();
    await create({ datePurchased: '2026-08-01' });
    await create({ isBillableToCompany: false });
    await post('2026-07-01');
    expect(await items()).toMatchObject([{ contractChargeID: 1, quantity: 1, extendedPrice: 812.44, itemName: usage.name }]);
    expect([(await charge(1))?.['isBilled'], (await charge(2))?.['isBilled'], (await charge(3))?.['isBilled']]).toEqual([
      true,
      false,
      false,
    ]);
    expect((await patch({ id: 1, unitQuantity: 2 })).body.errors[0]).toContain('has been billed');
    expect((await sandbox.api('DELETE', 'Contracts/7001/Charges/1')).body.errors[0]).toContain('has been billed');
    await post('2026-08-01');
    expect(await items()).toHaveLength(2);
  });
});
