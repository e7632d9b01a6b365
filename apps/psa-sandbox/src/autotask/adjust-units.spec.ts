import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { goldenState, type SandboxUnderTest, startSandboxUnderTest } from '../sandbox-under-test.js';

let sandbox: SandboxUnderTest;

beforeEach(async () => {
  sandbox = await startSandboxUnderTest();
});

afterEach(() => sandbox.close());

const post = (body: object) => sandbox.api('POST', 'ContractServiceAdjustments', body);
const turn = (switches: object) => sandbox.admin('PATCH', 'state', { switches });
const lines = async () => (await sandbox.api('GET', 'Contracts/7001/Services')).body.items;

describe('an adjustment', () => {
  it('is posted to the root path too', async () => {
    expect((await post({ contractServiceID: 9050, unitChange: 2, effectiveDate: '2026-09-05' })).status).toBe(200);
    expect(await sandbox.unitsOn(9050, '2026-09-05')).toBe(13);
  });

  it('cuts the time of day without converting zones', async () => {
    await sandbox.adjust(1, '2026-07-13T23:59:59-11:00');
    expect(await sandbox.unitsOn(9050, '2026-07-12')).toBe(11);
    expect(await sandbox.unitsOn(9050, '2026-07-13')).toBe(12);
  });

  it('answers an id when the switch says so', async () => {
    await turn({ adjustmentItemId: 'number' });
    expect((await sandbox.adjust(1, '2026-07-13')).body).toEqual({ itemId: 1 });
  });

  it.each([
    [{ contractServiceID: 9050, unitChange: 1.5, effectiveDate: '2026-07-13' }, 'Unexpected character'],
    [{ contractServiceID: 9050, unitChange: '1', effectiveDate: '2026-07-13' }, 'Unexpected character'],
    [{ contractServiceID: 9050, unitChange: 1, effectiveDate: '13.07.2026' }, 'Unexpected character'],
    [{ contractServiceID: 9050, unitChange: 1 }, 'Missing Required Field: effectiveDate'],
    [{ contractServiceID: 9050, effectiveDate: '2026-07-13' }, 'Missing Required Field: unitChange'],
    [{ contractID: 7001, unitChange: 1, effectiveDate: '2026-07-13' }, 'serviceID'],
    [{ contractServiceID: 1, unitChange: 1, effectiveDate: '2026-07-13' }, 'contractServiceID does not exist'],
    [{ contractServiceID: 9050, unitChange: 1, effectiveDate: '2026-06-30' }, 'effectiveDate must be between'],
    [{ contractServiceID: 9050, unitChange: -12, effectiveDate: '2026-07-13' }, 'negative'],
  ])('is refused with 500 and without effect: %j', async (body, text) => {
    const reply = await post(body);
    expect(reply.status).toBe(500);
    expect(reply.body.errors[0]).toContain(text);
    expect(await sandbox.effects(1)).toEqual([]);
  });

  it('looks at every later day before it lowers', async () => {
    await sandbox.adjust(-6, '2026-10-01');
    expect((await sandbox.adjust(-6, '2026-08-01')).status).toBe(500);
    expect((await sandbox.adjust(-5, '2026-08-01')).status).toBe(200);
  });

  it('goes below zero when the switch allows it', async () => {
    await turn({ negativeUnits: 'allow' });
    await sandbox.adjust(-12, '2026-07-13');
    expect(await sandbox.unitsOn(9050, '2026-07-13')).toBe(-1);
  });

  it('keeps the rate unless a price is given, and prices exactly', async () => {
    await sandbox.adjust(-8, '2026-08-01');
    await post({ contractServiceID: 9050, unitChange: 0, effectiveDate: '2026-09-01', adjustedUnitPrice: 0.1 });
    const { items } = (await sandbox.api('GET', 'Contracts/7001/ServiceUnits')).body;
    const priceFrom = (day: string) => items.find(({ startDate }) => startDate === `${day}T00:00:00Z`)?.['price'];
    expect(priceFrom('2026-08-01')).toBe(69.3);
    expect(priceFrom('2026-09-01')).toBe(0.3);
    expect((await lines())[0]).toMatchObject({ internalCurrencyAdjustedPrice: 0.1, unitPrice: 23.1 });
  });

  it('is refused where it would change a posted row, or taken when the switch says so', async () => {
    const { contractServiceUnits } = await sandbox.admin<{ contractServiceUnits: object[] }>('GET', 'state');
    const posted = contractServiceUnits.map((row, index) => (index === 0 ? { ...row, approveAndPostDate: '2026-08-02' } : row));
    await sandbox.admin('PATCH', 'state', { contractServiceUnits: posted });
    const refused = await sandbox.adjust(1, '2026-07-13');
    expect(refused.body.errors[0]).toContain('already approved and posted contract period');
    expect((await sandbox.adjust(1, '2026-08-01')).status).toBe(200);
    await turn({ postedPeriods: 'accept' });
    expect((await sandbox.adjust(1, '2026-07-13')).status).toBe(200);
  });
});

describe('the same-date rule', () => {
  const twiceOn = async (day: string) => {
    await sandbox.adjust(1, day);
    return (await sandbox.adjust(1, day)).status;
  };

  it('spares first days of periods by default', async () => {
    expect(await twiceOn('2026-08-01')).toBe(200);
    expect(await twiceOn('2026-08-02')).toBe(500);
    expect(await sandbox.unitsOn(9050, '2026-08-02')).toBe(14);
  });

  it('holds on first days too when the switch says so', async () => {
    await turn({ sameDateRule: 'always' });
    expect(await twiceOn('2026-08-01')).toBe(500);
    expect(await twiceOn('2026-08-02')).toBe(500);
  });

  it('holds nowhere when the switch says so', async () => {
    await turn({ sameDateRule: 'never' });
    expect(await twiceOn('2026-08-02')).toBe(200);
    expect(await sandbox.unitsOn(9050, '2026-08-02')).toBe(13);
  });
});

describe('a line that does not exist', () => {
  beforeEach(async () => {
    const archive = { id: 413, name: 'Archive', unitPrice: 5 };
    await sandbox.admin('PUT', 'state', { ...goldenState, services: [...goldenState.services, archive] });
  });

  const add = (more: object = {}) =>
    post({ contractID: 7001, serviceID: 413, unitChange: 3, effectiveDate: '2026-08-10', ...more });

  it('is created by the adjustment, with units from its date on', async () => {
    expect((await add()).status).toBe(200);
    const created = (await lines()).find(({ serviceID }) => serviceID === 413);
    expect(await sandbox.unitsOn(Number(created?.['id']), '2026-08-09')).toBe(0);
    expect(await sandbox.unitsOn(Number(created?.['id']), '2026-08-10')).toBe(3);
    expect(await sandbox.unitsOn(Number(created?.['id']), '2027-06-30')).toBe(3);
  });

  it('is found again by contract and service', async () => {
    await add();
    await add({ effectiveDate: '2026-08-05' });
    const own = (await lines()).filter(({ serviceID }) => serviceID === 413);
    expect(own).toHaveLength(1);
    expect(await sandbox.unitsOn(Number(own[0]?.['id']), '2026-08-07')).toBe(3);
    expect(await sandbox.unitsOn(Number(own[0]?.['id']), '2026-08-10')).toBe(6);
  });

  it('appears a second time with allowRepeatService', async () => {
    await add();
    await add({ allowRepeatService: true });
    expect((await lines()).filter(({ serviceID }) => serviceID === 413)).toHaveLength(2);
  });

  it('is not created by a refused adjustment', async () => {
    await add({ unitChange: -1 });
    expect(await lines()).toHaveLength(1);
  });
});
