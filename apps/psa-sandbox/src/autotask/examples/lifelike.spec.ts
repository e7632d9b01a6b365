import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dayOf } from '../../admin/text-of.js';
import { standingClock, type SandboxUnderTest, startSandboxUnderTest } from '../../sandbox-under-test.js';

type Listed = Readonly<Record<string, unknown>>;
interface Example {
  contracts: Listed[];
  contractServices: Listed[];
  companies: Listed[];
}

let sandbox: SandboxUnderTest;

beforeEach(async () => {
  sandbox = await startSandboxUnderTest({}, { clock: standingClock('2028-03-31T22:00:00.000Z') });
});

afterEach(() => sandbox.close());

const example = () => sandbox.admin<Example>('GET', 'examples/lifelike');
const taken = async () => {
  expect(await sandbox.admin('PUT', 'state', await example())).toHaveProperty('lastSeq');
};
const byCompany = async (companyID: number) => {
  const filter = [
    { op: 'eq', field: 'companyID', value: companyID },
    { op: 'eq', field: 'contractType', value: 7 },
  ];
  return (await sandbox.api('POST', 'Contracts/query', { filter })).body.items;
};

describe('the lifelike example', () => {
  it('is a state that the sandbox takes, also beside what is there', async () => {
    await taken();
    expect(await sandbox.admin('POST', 'state', await example())).toHaveProperty('lastSeq');
  });

  it('has a company with two contracts, one with none, one with another type alone', async () => {
    await taken();
    expect((await byCompany(9001)).map(({ id }) => id)).toEqual([9101, 9102]);
    expect(await byCompany(9004)).toEqual([]);
    expect(await byCompany(9010)).toEqual([]);
  });

  it('has a service twice on a contract, and an inactive one', async () => {
    await taken();
    const lines = (await sandbox.api('GET', 'Contracts/9103/Services')).body.items;
    expect(new Set(lines.map(({ serviceID }) => serviceID))).toEqual(new Set([902]));
    expect(lines).toHaveLength(2);
    expect((await sandbox.api('GET', 'Services/904')).body.item).toMatchObject({ isActive: false });
  });

  it('goes by the clock of the sandbox', async () => {
    await taken();
    const [ended] = await byCompany(9005);
    expect(dayOf(ended?.['endDate'])).toBe('2028-03-30');
    sandbox.clock.moveTo(86_400_000);
    await taken();
    expect(dayOf((await byCompany(9005))[0]?.['endDate'])).toBe('2028-03-31');
  });

  it('has yearly periods, and periods from the 26th on', async () => {
    await taken();
    const starts = async (contract: number) =>
      (await sandbox.api('GET', `Contracts/${contract}/ServiceUnits`)).body.items.map(({ startDate }) => dayOf(startDate));
    expect(await starts(9106)).toEqual(['2027-09-01', '2028-09-01']);
    expect((await starts(9107)).slice(0, 2)).toEqual(['2027-10-26', '2027-11-26']);
  });

  it('has a company number that two companies share', async () => {
    await taken();
    const filter = [{ op: 'eq', field: 'companyNumber', value: 'L-SAME' }];
    expect((await sandbox.api('POST', 'Companies/query', { filter })).body.items).toHaveLength(2);
  });

  it('has a company that is billed in another currency', async () => {
    await taken();
    const inOwn = async () => {
      const [line] = (await sandbox.api('GET', 'Contracts/9110/Services')).body.items;
      const [row] = (await sandbox.api('GET', 'Contracts/9110/ServiceUnits')).body.items;
      return [line?.['internalCurrencyAdjustedPrice'], row?.['price'], row?.['internalCurrencyPrice']];
    };
    expect(await inOwn()).toEqual([9.875, 79, 98.75]);
    const [row] = (await sandbox.api('GET', 'Contracts/9110/ServiceUnits')).body.items;
    const change = { contractServiceID: 9211, unitChange: -2, effectiveDate: dayOf(row?.['startDate']), adjustedUnitPrice: 8 };
    await sandbox.api('POST', 'ContractServiceAdjustments', change);
    expect(await inOwn()).toEqual([10, 64, 80]);
    const { item } = (await sandbox.api('GET', 'Companies/9011')).body;
    expect(Object.keys(item!)).not.toContain('internalCurrencyRate');
  });

  it('is the only one', async () => {
    expect((await fetch(`${sandbox.url}/_sandbox/examples/nonsense`)).status).toBe(404);
  });
});
