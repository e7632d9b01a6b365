import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SandboxUnderTest, startSandboxUnderTest } from '../sandbox-under-test.js';

let sandbox: SandboxUnderTest;

beforeEach(async () => {
  sandbox = await startSandboxUnderTest();
});

afterEach(() => sandbox.close());

const company = { companyName: 'New', companyType: 1, ownerResourceID: 29, phone: '555' };
const service = { name: 'Archive', unitPrice: 3, periodType: 2, billingCodeID: 7 };

describe('creating', () => {
  it('answers the new id', async () => {
    const { status, body } = await sandbox.api('POST', 'Companies', company);
    expect([status, body]).toEqual([200, { itemId: 175 }]);
    expect((await sandbox.api('GET', 'Companies/175')).body.item).toMatchObject({ companyName: 'New', companyNumber: null });
  });

  it.each([
    [{ ...company, phone: undefined }, 'Missing Required Field: phone.'],
    [{ ...company, companyType: 'x' }, 'Unexpected character encountered while parsing value'],
    [{ ...company, companyName: 'x'.repeat(101) }, 'maximum length'],
    [{ ...company, companyType: 99 }, 'picklist'],
    [{ ...company, parentCompanyID: 99 }, 'parentCompanyID does not exist or is invalid.'],
  ])('refuses a bad company with 500 and changes nothing', async (body, text) => {
    const reply = await sandbox.api('POST', 'Companies', body);
    expect(reply.status).toBe(500);
    expect(reply.body.errors[0]).toContain(text);
    expect(await sandbox.effects(1)).toEqual([]);
  });

  it('keeps service names unique', async () => {
    await sandbox.api('POST', 'Services', service);
    const { status, body } = await sandbox.api('POST', 'Services', { ...service, name: 'ARCHIVE' });
    expect(status).toBe(500);
    expect(body.errors[0]).toMatch(/Violation of UNIQUE KEY constraint 'IX_service'.*dbo\.Service/);
  });

  it('adds a contract service without units', async () => {
    const { body } = await sandbox.api('POST', 'Contracts/7001/Services', { contractID: 7001, serviceID: 412 });
    const { item } = (await sandbox.api('GET', `ContractServices/${body.itemId}`)).body;
    expect(item).toMatchObject({ unitPrice: 23.1, internalCurrencyAdjustedPrice: 23.1 });
    expect(await sandbox.unitsOn(body.itemId!, '2026-09-09')).toBe(0);
  });

  it('refuses a child whose parent is another one', async () => {
    const { status } = await sandbox.api('POST', 'Contracts/7001/Services', { contractID: 1, serviceID: 412 });
    expect(status).toBe(500);
  });
});

describe('PATCH', () => {
  it('changes the given fields alone', async () => {
    const { body } = await sandbox.api('PATCH', 'Companies', { id: 174, companyName: 'Acme Ltd' });
    expect(body).toEqual({ itemId: 174 });
    expect((await sandbox.api('GET', 'Companies/174')).body.item).toMatchObject({
      companyName: 'Acme Ltd',
      companyNumber: 'ACME',
    });
  });

  it('leaves read-only fields as they are', async () => {
    await sandbox.api('PATCH', 'Contracts', { id: 7001, contractType: 1, contractName: 'Other' });
    expect((await sandbox.api('GET', 'Contracts/7001')).body.item).toMatchObject({ contractType: 7, contractName: 'Other' });
  });

  it('changes price and invoice text of a contract service, nothing else', async () => {
    const change = { id: 9050, adjustedPrice: 20, invoiceDescription: 'Mail', internalDescription: 'x' };
    await sandbox.api('PATCH', 'Contracts/7001/Services', change);
    expect((await sandbox.api('GET', 'ContractServices/9050')).body.item).toMatchObject({
      internalCurrencyAdjustedPrice: 20,
      invoiceDescription: 'Mail',
      internalDescription: null,
    });
    expect((await sandbox.api('GET', 'Contracts/7001/ServiceUnits')).body.items[0]).toMatchObject({ price: 220 });
  });

  it('refuses an id that does not exist', async () => {
    expect((await sandbox.api('PATCH', 'Companies', { id: 99, companyName: 'x' })).status).toBe(500);
  });

  it('cuts the unit rows when the contract ends earlier, and forgets what lay beyond', async () => {
    await sandbox.adjust(4, '2026-12-01');
    await sandbox.api('PATCH', 'Contracts', { id: 7001, endDate: '2026-10-15' });
    expect(await sandbox.unitsOn(9050, '2026-10-15')).toBe(11);
    expect(await sandbox.unitsOn(9050, '2026-10-16')).toBe(0);
    await sandbox.api('PATCH', 'Contracts', { id: 7001, endDate: '2027-08-31' });
    expect(await sandbox.unitsOn(9050, '2026-12-01')).toBe(11);
    expect(await sandbox.unitsOn(9050, '2027-08-31')).toBe(11);
  });
});

describe('PUT', () => {
  it('nulls the fields that are left out', async () => {
    await sandbox.api('PUT', 'Companies', { id: 174, ...company });
    expect((await sandbox.api('GET', 'Companies/174')).body.item).toMatchObject({ companyName: 'New', companyNumber: null });
  });

  it('refuses to null a required field', async () => {
    const { status, body } = await sandbox.api('PUT', 'Companies', { id: 174, companyName: 'Acme' });
    expect(status).toBe(500);
    expect(body.errors[0]).toContain('Missing Required Field');
  });
});
