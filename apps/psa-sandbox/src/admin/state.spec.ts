import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { goldenState, type SandboxUnderTest, startSandboxUnderTest } from '../sandbox-under-test.js';

let sandbox: SandboxUnderTest;

beforeEach(async () => {
  sandbox = await startSandboxUnderTest();
});

afterEach(() => sandbox.close());

const problemsOf = async (state: object) => {
  const { errors } = await sandbox.admin<{ errors: { pointer: string }[] }>('PUT', 'state', state);
  return errors.map(({ pointer }) => pointer);
};

describe('the state', () => {
  it('comes back as it was taken', async () => {
    await sandbox.adjust(3, '2026-07-13');
    const before = await sandbox.admin('GET', 'state');
    await sandbox.admin('PUT', 'state', {});
    await sandbox.admin('PUT', 'state', before);
    expect(await sandbox.admin('GET', 'state')).toEqual(before);
    expect((await sandbox.adjust(1, '2026-07-13')).status).toBe(500);
  });

  it('is replaced whole, switches too', async () => {
    await sandbox.admin('PATCH', 'state', { switches: { sameDateRule: 'always', adjustmentItemId: 'number' } });
    await sandbox.admin('PUT', 'state', { companies: [{ id: 1, companyName: 'Only' }] });
    expect(await sandbox.admin('GET', 'state')).toMatchObject({
      switches: { sameDateRule: 'inside-periods', adjustmentItemId: 'null' },
      companies: [{ id: 1 }],
      contracts: [],
    });
  });

  it('takes records beside those that are there', async () => {
    await sandbox.adjust(3, '2026-07-13');
    const [contract] = goldenState.contracts;
    const more = {
      companies: [{ id: 175, companyName: 'Other' }],
      contracts: [{ ...contract, id: 7002, companyID: 175 }],
      contractServices: [{ id: 9051, contractID: 7002, serviceID: 412, units: 4 }],
    };
    await sandbox.admin('POST', 'state', more);
    expect([await sandbox.unitsOn(9050, '2026-07-13'), await sandbox.unitsOn(9051, '2026-07-13')]).toEqual([14, 4]);
    expect((await sandbox.effects(2)).map(({ by, changed }) => [by, changed.length])).toEqual([['admin', 15]]);
  });

  it('takes no part of records with a problem', async () => {
    const records = { companies: [{ id: 175, companyName: 'Other' }], contracts: [{ id: 7002, companyID: 99 }] };
    expect(await sandbox.admin('POST', 'state', records)).toMatchObject({ errors: [{ pointer: '/contracts/0/companyID' }] });
    expect((await sandbox.api('GET', 'Companies/175')).body.item).toBeNull();
    expect(await sandbox.effects(1)).toEqual([]);
  });

  it('generates rows by the period type of the contract', async () => {
    const [contract] = goldenState.contracts;
    const yearly = { ...contract, startDate: '2026-01-26', endDate: '2029-01-25', contractPeriodType: 5 };
    await sandbox.admin('PUT', 'state', { ...goldenState, contracts: [yearly] });
    const { items } = (await sandbox.api('GET', 'Contracts/7001/ServiceUnits')).body;
    expect(items.map(({ startDate }) => startDate)).toEqual([
      '2026-01-26T00:00:00Z',
      '2027-01-26T00:00:00Z',
      '2028-01-26T00:00:00Z',
    ]);
  });

  it('is refused with pointers, and then nothing has changed', async () => {
    expect(await problemsOf({ contracts: [{ id: 1, companyID: 5, nonsense: 1 }] })).toEqual([
      '/contracts/0/nonsense',
      '/contracts/0/companyID',
    ]);
    expect(
      await problemsOf({ ...goldenState, contractServices: [{ id: 1, contractID: 7001, serviceID: 412, units: 1.5 }] }),
    ).toEqual(['/contractServices/0/units']);
    expect(await problemsOf({ switches: { sameDateRule: 'sometimes' } })).toEqual(['/switches/sameDateRule']);
    expect((await sandbox.api('GET', 'Contracts/7001')).body.item).toMatchObject({ id: 7001 });
  });

  it('holds one API user when nothing was put', async () => {
    const empty = await startSandboxUnderTest(null);
    expect(await empty.admin('GET', 'state')).toMatchObject({ users: [{ userName: 'api-user@sandbox.example' }], companies: [] });
    await empty.close();
  });
});

describe('the clock', () => {
  it('is set to an instant or an offset, and dates what happens', async () => {
    expect(await sandbox.admin('POST', 'clock', { set: '2027-01-01T00:00:00Z' })).toMatchObject({
      now: '2027-01-01T00:00:00.000Z',
    });
    await sandbox.adjust(1, '2026-07-13');
    expect(await sandbox.effects(1)).toMatchObject([{ at: '2027-01-01T00:00:00.000Z' }]);
    expect(await sandbox.admin('POST', 'clock', { offsetMs: 0 })).toMatchObject({ now: '2026-07-15T12:00:00.000Z' });
  });
});

describe('the statistics', () => {
  it('count calls per hour window and endpoint', async () => {
    await sandbox.adjust(1, '2026-07-13');
    await sandbox.admin('POST', 'clock', { offsetMs: 3_600_000 });
    await sandbox.adjust(1, '2026-07-14');
    const endpoint = 'POST contracts/{id}/serviceadjustments';
    expect(await sandbox.admin('GET', 'stats')).toMatchObject({
      total: 2,
      refusedWrites: 0,
      callsInLastHour: 1,
      endpoints: { [endpoint]: { calls: 2, highestConcurrency: 1 } },
      windows: [
        { from: '2026-07-15T12:00:00.000Z', calls: 1, endpoints: { [endpoint]: 1 } },
        { from: '2026-07-15T13:00:00.000Z', calls: 1, endpoints: { [endpoint]: 1 } },
      ],
    });
  });

  it('know how many calls of an endpoint ran at once', async () => {
    await sandbox.admin('POST', 'faults', { match: { path: 'query' }, kind: 'slow', ms: 100, count: 'always' });
    await Promise.all([1, 2, 3].map(() => sandbox.unitsOn(9050, '2026-07-13')));
    const { endpoints } = await sandbox.admin<{ endpoints: Record<string, object> }>('GET', 'stats');
    expect(endpoints['POST contractserviceunits/query']).toEqual({ calls: 3, highestConcurrency: 3 });
  });
});
