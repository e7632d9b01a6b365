import { describe, expect, it } from 'vitest';
import { assigned, removed, SERVICE, SKU, writesOf } from '@trueup/testing/product';
import { scene } from './scene.js';

describe('a new period', () => {
  it('carries the seats over by itself and dates the next change in it', async () => {
    const stage = await scene('Carried over');
    const customer = stage.customers[0]!;
    const { msp, runtime } = stage;
    await msp.post(['a', 'b', 'c'].map((user) => assigned(customer.code, user, SERVICE, stage.now.toISOString())));
    await runtime.settled();
    expect(await writesOf(stage, customer)).toMatchObject({ count: 1, sum: 3, dates: [stage.monthStart] });

    await runtime.advanceClock('P32D');
    await runtime.settled();
    const now = new Date((await runtime.status()).now);
    const monthStart = `${now.toISOString().slice(0, 7)}-01`;
    const carried = await msp.api<{ data: { action: string }[] }>('GET', '/billing/current/items');
    expect(carried.data.map((item) => item.action)).toEqual(['carried', 'carried', 'carried']);
    // Nothing changed, so nothing is written although a period began.
    expect(await writesOf(stage, customer)).toMatchObject({ count: 1, sum: 3 });

    await msp.post([removed(customer.code, 'a', SERVICE, now.toISOString())]);
    await runtime.settled();
    expect(await writesOf(stage, customer)).toMatchObject({ count: 2, sum: 2, dates: [stage.monthStart, monthStart] });
    expect(await msp.sandbox.unitsOn(customer.contractServiceId, monthStart)).toBe(2);
    expect((await msp.line(customer.code, SKU)).deliveries).toMatchObject([{ state: 'delivered' }]);
  });
});
