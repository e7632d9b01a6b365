import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dayOf } from './admin/text-of.js';
import { type SandboxUnderTest, startSandboxUnderTest } from './sandbox-under-test.js';

let sandbox: SandboxUnderTest;

beforeEach(async () => {
  sandbox = await startSandboxUnderTest();
});

afterEach(() => sandbox.close());

async function rows() {
  const query = { filter: [{ op: 'eq', field: 'contractServiceID', value: 9050 }] };
  const { body } = await sandbox.api('POST', 'ContractServiceUnits/query', query);
  return body.items
    .map(({ startDate, endDate, units, price }) => [dayOf(startDate), dayOf(endDate), units, price])
    .toSorted((left, right) => String(left[0]).localeCompare(String(right[0])));
}

describe('the golden scenario', () => {
  it('has one row per month of the contract, future ones included', async () => {
    const all = await rows();
    expect(all).toHaveLength(12);
    expect(all[0]).toEqual(['2026-07-01', '2026-07-31', 11, 254.1]);
    expect(all.at(-1)).toEqual(['2027-06-01', '2027-06-30', 11, 254.1]);
  });

  it('splits the row in force and raises every later one', async () => {
    const { status, body } = await sandbox.adjust(3, '2026-07-13');
    expect([status, body]).toEqual([200, { itemId: null }]);
    const all = await rows();
    expect(all.slice(0, 2).map((row) => row.slice(0, 3))).toEqual([
      ['2026-07-01', '2026-07-13', 11],
      ['2026-07-13', '2026-07-31', 14],
    ]);
    expect(all[2]).toEqual(['2026-08-01', '2026-08-31', 14, 323.4]);
    expect(await sandbox.unitsOn(9050, '2026-07-12')).toBe(11);
    expect(await sandbox.unitsOn(9050, '2026-07-13')).toBe(14);
    expect(await sandbox.unitsOn(9050, '2026-08-05')).toBe(14);
  });

  it('refuses a second change of the same day and changes nothing', async () => {
    await sandbox.adjust(3, '2026-07-13');
    const before = await rows();
    const { status, body } = await sandbox.adjust(1, '2026-07-13');
    expect(status).toBe(500);
    expect(body.errors[0]).toContain('Attempt to insert duplicate data into contract_service_period');
    expect(await rows()).toEqual(before);
  });

  it('goes down to zero and keeps the contract service', async () => {
    await sandbox.adjust(3, '2026-07-13');
    expect((await sandbox.adjust(-14, '2026-08-01')).status).toBe(200);
    expect(await sandbox.unitsOn(9050, '2026-07-31')).toBe(14);
    expect(await sandbox.unitsOn(9050, '2026-08-01')).toBe(0);
    expect(await sandbox.unitsOn(9050, '2027-06-30')).toBe(0);
    expect((await sandbox.api('GET', 'ContractServices/9050')).body.item?.['id']).toBe(9050);
  });

  it('refuses a date outside the contract', async () => {
    const { status, body } = await sandbox.adjust(1, '2027-07-01');
    expect(status).toBe(500);
    expect(body.errors[0]).toContain('effectiveDate must be between the start date and end date of the Contract');
    expect(await sandbox.effects(1)).toEqual([]);
  });
});
