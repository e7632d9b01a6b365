import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LineBilling } from '../../admin/psa-model.js';
import { dayOf } from '../../admin/text-of.js';
import { goldenState, type SandboxUnderTest, startSandboxUnderTest } from '../../sandbox-under-test.js';

let sandbox: SandboxUnderTest;

beforeEach(async () => {
  sandbox = await startSandboxUnderTest();
});

afterEach(() => sandbox.close());

const turn = (switches: object) => sandbox.admin('PATCH', 'state', { switches });
const post = (body: object) => sandbox.admin<{ errors?: object[]; posted: object[] }>('POST', 'post-period', body);
const postFrom = (periodStart: string) => post({ contractId: 7001, periodStart });
const billing = async (query = '') => (await sandbox.admin<{ lines: LineBilling[] }>('GET', `billing?${query}`)).lines;

async function items() {
  const query = { filter: [{ op: 'eq', field: 'contractID', value: 7001 }] };
  const { body } = await sandbox.api('POST', 'BillingItems/query', query);
  return body.items.map(({ itemDate, quantity, extendedPrice }) => [dayOf(itemDate), quantity, extendedPrice]);
}

describe('posting a period', () => {
  it('marks its rows and bills one item per row', async () => {
    await sandbox.adjust(3, '2026-07-13');
    await postFrom('2026-07-01');
    const { items: rows } = (await sandbox.api('GET', 'Contracts/7001/ServiceUnits')).body;
    const posted = rows.filter(({ approveAndPostDate }) => approveAndPostDate !== null);
    expect(posted.map(({ startDate }) => dayOf(startDate))).toEqual(['2026-07-01', '2026-07-13']);
    expect(await items()).toEqual([
      ['2026-07-01', 11, 98.36],
      ['2026-07-13', 14, 198.21],
    ]);
  });

  it('bills a whole period at units times rate, once', async () => {
    await post({ all: true, date: '2026-08-20' });
    await postFrom('2026-08-01');
    expect(await items()).toEqual([['2026-08-01', 11, 254.1]]);
    const { item } = (await sandbox.api('GET', 'BillingItems/1')).body;
    expect(item).toMatchObject({ companyID: 174, contractServiceID: 9050, serviceID: 412, rate: 23.1, itemName: 'Mailbox' });
    expect(Object.keys(item!)).not.toContain('firstDay');
  });

  it('is an effect of the admin side, with rows and items', async () => {
    await postFrom('2026-07-01');
    const [effect] = await sandbox.effects(1);
    expect(effect).toMatchObject({ by: 'admin', path: '/_sandbox/post-period' });
    expect(effect?.changed.map(({ entity }) => entity).sort()).toEqual(['BillingItems', 'ContractServiceUnits']);
  });

  it.each([
    { contractId: 7001, periodStart: '2026-07-02' },
    { contractId: 1, date: '2026-07-02' },
    { all: true, date: '2030-01-01' },
    { contractId: 7001 },
    { contractId: 7001, all: true, date: '2026-07-02' },
    { date: 'July' },
  ])('is refused without effect: %j', async (body) => {
    expect((await post(body)).errors).toHaveLength(1);
    expect(await sandbox.effects(1)).toEqual([]);
  });

  it('lets nobody write items, but their web service date', async () => {
    await postFrom('2026-07-01');
    expect((await sandbox.api('POST', 'BillingItems', {})).status).toBe(405);
    await sandbox.api('PATCH', 'BillingItems', { id: 1, quantity: 5, webServiceDate: '2026-08-02' });
    expect((await sandbox.api('GET', 'BillingItems/1')).body.item).toMatchObject({
      quantity: 11,
      webServiceDate: '2026-08-02T00:00:00Z',
    });
  });
});

describe('a change dated in a posted period', () => {
  it('is refused by default', async () => {
    await postFrom('2026-07-01');
    const { status, body } = await sandbox.adjust(1, '2026-07-13');
    expect([status, body.errors[0]]).toEqual([500, expect.stringContaining('already approved and posted contract period')]);
    expect((await sandbox.adjust(1, '2026-08-01')).status).toBe(200);
  });

  it('is billed by a prorated item at the next post when the switch accepts it', async () => {
    await turn({ postedPeriods: 'accept' });
    await postFrom('2026-07-01');
    await sandbox.adjust(3, '2026-07-13');
    expect(await items()).toHaveLength(1);
    await postFrom('2026-08-01');
    expect((await items()).slice(1)).toEqual([
      ['2026-07-13', 3, 42.47],
      ['2026-08-01', 14, 323.4],
    ]);
  });

  it('is credited when it lowers, on the first day of the period too', async () => {
    await turn({ postedPeriods: 'accept' });
    await postFrom('2026-07-01');
    await sandbox.adjust(-2, '2026-07-01');
    await postFrom('2026-08-01');
    expect((await items()).slice(1)).toEqual([
      ['2026-07-01', -2, -46.2],
      ['2026-08-01', 9, 207.9],
    ]);
  });

  it('bills a service that appears there late', async () => {
    const state = { ...goldenState, services: [...goldenState.services, { id: 413, name: 'Archive', unitPrice: 31 }] };
    await sandbox.admin('PUT', 'state', state);
    await postFrom('2026-07-01');
    await sandbox.api('POST', 'ContractServiceAdjustments', {
      contractID: 7001,
      serviceID: 413,
      unitChange: 2,
      effectiveDate: '2026-07-31',
    });
    await postFrom('2026-08-01');
    expect(await items()).toContainEqual(['2026-07-31', 2, 2]);
  });
});

describe('the view of billing', () => {
  it('counts unit-days per line within the days asked for', async () => {
    await sandbox.adjust(3, '2026-07-13');
    const [line] = await billing('contractId=7001&from=2026-07-11&to=2026-08-02');
    expect(line).toMatchObject({ contractId: 7001, contractServiceId: 9050, serviceId: 412, unitDays: 2 * 11 + 21 * 14 });
    expect(line?.ranges).toEqual([
      { from: '2026-07-11', to: '2026-07-12', units: 11, days: 2, unitDays: 22 },
      { from: '2026-07-13', to: '2026-07-31', units: 14, days: 19, unitDays: 266 },
      { from: '2026-08-01', to: '2026-08-02', units: 14, days: 2, unitDays: 28 },
    ]);
    expect(await billing('contractId=1')).toEqual([]);
  });

  it('counts a change on the last day of a period for that day', async () => {
    await sandbox.adjust(3, '2026-07-31');
    const [line] = await billing('from=2026-07-01&to=2026-07-31');
    expect(line?.unitDays).toBe(30 * 11 + 14);
  });

  it('refuses days that are none', async () => {
    expect(await sandbox.admin('GET', 'billing?from=July')).toMatchObject({ errors: [{ pointer: '/from' }] });
  });

  it('comes to what the posts have billed, whatever happened when', async () => {
    const day = fc.integer({ min: 0, max: 364 }).map((days) => new Date(Date.UTC(2026, 6, 1 + days)).toISOString().slice(0, 10));
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ day, unitChange: fc.integer({ min: -9, max: 9 }) }) },
      { weight: 1, arbitrary: fc.record({ day }) },
    );
    const rowEnd = fc.constantFrom('same-day', 'day-before');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), rowEnd, async (steps, end) => {
        await sandbox.admin('PUT', 'state', { ...goldenState, switches: { postedPeriods: 'accept', rowEnd: end } });
        for (const each of steps) {
          if ('unitChange' in each) await sandbox.adjust(each.unitChange, each.day);
          else await post({ date: each.day });
        }
        for (let month = 0; month < 12; month += 1)
          await post({ date: new Date(Date.UTC(2026, 6 + month, 1)).toISOString().slice(0, 10) });
        const [line] = await billing();
        expect(line?.billedUnitDays).toBe(line?.unitDays);
      }),
      { numRuns: 25 },
    );
  });
});
