import { describe, expect, it } from 'vitest';
import { agreementLineOf, assigned, event, seats, SERVICE, SKU, writesOf } from '@trueup/testing/product';
import { scene } from './scene.js';

const SERVICE_ID = 412;

describe('several lines in one agreement line', () => {
  it('bills a reseller for the sum of its customers, each part still explained', async () => {
    const stage = await scene('Reseller', { customers: 3 });
    const [reseller, first, second] = stage.customers as [
      (typeof stage.customers)[0],
      (typeof stage.customers)[0],
      (typeof stage.customers)[0],
    ];
    const at = stage.now.toISOString();
    for (const customer of [first, second]) {
      const data = { name: customer.code, resellerCode: reseller.code, billedBy: 'reseller' };
      await stage.msp.post([event('customer.created', customer.code, at, data)]);
    }
    await stage.msp.post([...seats(stage, first, 2), ...seats(stage, second, 3)]);
    await stage.runtime.settled();
    expect(await stage.msp.sandbox.unitsOn(reseller.contractServiceId, stage.today)).toBe(5);
    expect(await writesOf(stage, first)).toMatchObject({ count: 0 });
    expect(await writesOf(stage, second)).toMatchObject({ count: 0 });
    const { agreementLineKey } = await agreementLineOf(stage, reseller);
    const why = await stage.msp.api<{ parts: unknown[] }>(
      'GET',
      `/connections/${stage.connectionId}/agreement-lines/${agreementLineKey}/explain`,
    );
    expect(why.parts).toHaveLength(2);
  });

  it('adds annual and monthly seats that one PSA service bills', async () => {
    const stage = await scene('Annual and monthly');
    const customer = stage.customers[0]!;
    const at = stage.now.toISOString();
    const withTerm = (user: string, term: string, billingPlan: string): ReturnType<typeof assigned> => {
      const one = assigned(customer.code, user, SERVICE, at);
      return { ...one, data: { ...one.data, term, billingPlan } };
    };
    await stage.msp.post([withTerm('a', 'P1Y', 'annual'), withTerm('b', 'P1Y', 'annual'), withTerm('c', 'P1M', 'monthly')]);
    await stage.runtime.settled();
    expect((await stage.msp.lines()).map((line) => line.quantity).sort()).toEqual(['1', '2']);
    expect(await stage.msp.sandbox.unitsOn(customer.contractServiceId, stage.today)).toBe(3);
    // A seat that moves from monthly to annual leaves the sum as it is: nothing is written.
    const moved = event('user.service.plan-changed', customer.code, new Date(stage.now.getTime() + 1000).toISOString(), {
      userCode: 'c',
      serviceCode: SERVICE,
      planCode: 'annual',
      planName: 'Annual',
      term: 'P1Y',
      billingPlan: 'annual',
    });
    await stage.msp.post([moved]);
    await stage.runtime.settled();
    expect(await writesOf(stage, customer)).toMatchObject({ sum: 3 });
    expect(await stage.msp.sandbox.unitsOn(customer.contractServiceId, stage.today)).toBe(3);
  });

  it('adds two customers of one account', async () => {
    const stage = await scene('Two into one', { customers: 2, isMapped: false });
    const [first, second] = stage.customers as [(typeof stage.customers)[0], (typeof stage.customers)[0]];
    for (const { code } of [first, second]) await stage.msp.mapCustomer(code, stage.connectionId, first.companyId, '2020-01-01');
    await stage.msp.post([...seats(stage, first, 2), ...seats(stage, second, 2)]);
    await stage.runtime.settled();
    expect(await stage.msp.sandbox.unitsOn(first.contractServiceId, stage.today)).toBe(4);
  });
});

describe('a line that two connections claim', () => {
  it('is written by neither and says so', async () => {
    const stage = await scene('Claimed twice');
    const customer = stage.customers[0]!;
    const other = await stage.msp.connect('observe');
    const validFrom = '2020-01-01';
    const product = (connectionId: string): object => ({ connectionId, psaProductRef: String(SERVICE_ID), validFrom });
    const account = (connectionId: string): object => ({
      connectionId,
      billingIdentifier: String(customer.companyId),
      validFrom,
    });
    await stage.msp.api('PUT', `/mappings/products/${SKU}`, { body: [product(stage.connectionId), product(other)] });
    await stage.msp.api('PUT', `/mappings/customers/${customer.code}`, { body: [account(stage.connectionId), account(other)] });
    await stage.msp.post(seats(stage, customer, 2));
    await stage.runtime.settled();
    const { deliveries } = await stage.msp.line(customer.code, SKU);
    expect(new Set(deliveries.map(({ code }) => code))).toEqual(new Set(['LINE_CLAIMED_TWICE']));
    expect(await writesOf(stage, customer)).toMatchObject({ count: 0 });
  });
});

describe('a customer that moves to another account in mid-period', () => {
  it('is lowered there first and raised here once that is confirmed, each seat billed once', async () => {
    const stage = await scene('Remap', { customers: 2, isMapped: false });
    const [first, second] = stage.customers as [(typeof stage.customers)[0], (typeof stage.customers)[0]];
    await stage.msp.mapCustomer(first.code, stage.connectionId, first.companyId, '2020-01-01');
    await stage.msp.post(seats(stage, first, 3));
    await stage.runtime.settled();
    const before = await stage.msp.sandbox.lastSeq();
    await stage.msp.mapCustomer(first.code, stage.connectionId, second.companyId, stage.monthStart);
    await stage.runtime.settled();
    const effects = await stage.msp.sandbox.effects(before);
    expect(effects.map(({ body }) => [body.contractID, body.unitChange])).toEqual([
      [first.companyId, -3],
      [second.companyId, 3],
    ]);
    expect(await stage.msp.sandbox.unitsOn(first.contractServiceId, stage.today)).toBe(0);
    expect(await stage.msp.sandbox.unitsOn(second.contractServiceId, stage.today)).toBe(3);
  });

  it('is not raised while the lowering is not confirmed', async () => {
    const stage = await scene('Remap, lowering held', { customers: 2, isMapped: false });
    const [first, second] = stage.customers as [(typeof stage.customers)[0], (typeof stage.customers)[0]];
    await stage.msp.mapCustomer(first.code, stage.connectionId, first.companyId, '2020-01-01');
    await stage.msp.post(seats(stage, first, 3));
    await stage.runtime.settled();
    // Somebody edits the old line: its lowering becomes drift, and a person must choose.
    await stage.msp.sandbox.adjust(first.companyId, first.contractServiceId, 4, stage.monthStart);
    await stage.msp.mapCustomer(first.code, stage.connectionId, second.companyId, stage.monthStart);
    await stage.runtime.settled();
    expect(await writesOf(stage, second)).toMatchObject({ count: 0 });
    expect(await stage.msp.sandbox.unitsOn(first.contractServiceId, stage.today)).toBe(7);
  });
});

describe('a customer that is no longer mapped', () => {
  it('keeps what it was last billed and is shown as abandoned', async () => {
    const stage = await scene('Unmapped again');
    const customer = stage.customers[0]!;
    await stage.msp.post(seats(stage, customer, 3));
    await stage.runtime.settled();
    await stage.msp.api('DELETE', `/mappings/customers/${customer.code}?connectionId=${stage.connectionId}`);
    await stage.msp.post([assigned(customer.code, 'one-more', SERVICE, stage.now.toISOString())]);
    await stage.runtime.settled();
    expect(await agreementLineOf(stage, customer)).toMatchObject({ state: 'abandoned' });
    expect(await writesOf(stage, customer)).toMatchObject({ count: 1, sum: 3 });
  });
});
