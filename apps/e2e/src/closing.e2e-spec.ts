import { describe, expect, it } from 'vitest';
import { assigned } from './provisioning.js';
import { SERVICE, scene, seats, writesOf } from './scene.js';

interface ItemsPage {
  data: { userCode: string; action: string; userName?: string }[];
}

describe('a closed period', () => {
  it('keeps its items whatever comes late; the open period follows what is held now', async () => {
    const stage = await scene('Closing');
    const { msp, runtime } = stage;
    const customer = stage.customers[0]!;
    await msp.post(seats(stage, customer, 3));
    await runtime.settled();
    const { id } = await msp.api<{ id: string }>('GET', '/periods/current');

    await runtime.advanceClock('P33D');
    await runtime.settled();
    expect(await msp.api('GET', `/periods/${id}`)).toMatchObject({ id, state: 'closed' });
    const frozen = await msp.api<ItemsPage>('GET', `/billing/${id}/items`);
    expect(frozen.data.map((item) => item.userCode)).toEqual(['u0', 'u1', 'u2']);
    const writesBefore = await writesOf(stage, customer);

    // A seat that was there all along, told only now.
    await msp.post([assigned(customer.code, 'late', SERVICE, stage.now.toISOString())]);
    await runtime.settled();
    expect(await msp.api('GET', `/billing/${id}/items`)).toEqual(frozen);
    const open = await msp.api<ItemsPage>('GET', '/billing/current/items');
    expect(open.data.map((item) => item.userCode)).toEqual(['late', 'u0', 'u1', 'u2']);
    const now = new Date((await runtime.status()).now).toISOString();
    expect(await msp.sandbox.unitsOn(customer.contractServiceId, now.slice(0, 10))).toBe(4);
    const writes = await writesOf(stage, customer, 0);
    expect(writes.dates.slice(writesBefore.count)).toEqual([`${now.slice(0, 7)}-01`]);
    // The closed month is not billed again by itself: it stays at three units in the PSA.
    expect(await msp.sandbox.unitsOn(customer.contractServiceId, id)).toBe(3);
  });
});
