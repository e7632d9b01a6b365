import { describe, expect, it } from 'vitest';
import { assigned, type Scene, seats, SERVICE } from '@trueup/testing/product';
import { scene } from './scene.js';

interface ItemsPage {
  data: { userCode: string; action: string; userName?: string }[];
}

/** Units that are listed for a person beside what the PSA bills for a period. */
async function listedUnits({ msp }: Scene, periodId: string): Promise<number> {
  const { data } = await msp.api<{ data: { units: string; state: string }[] }>('GET', `/billing/${periodId}/corrections`);
  return data.filter(({ state }) => state === 'listed').reduce((sum, { units }) => sum + Number(units), 0);
}

/** A customer whose three seats are billed, and the period that has closed since. */
async function closedWithThreeSeats(name: string): Promise<{ stage: Scene; id: string }> {
  const stage = await scene(name);
  await stage.msp.post(seats(stage, stage.customers[0]!, 3));
  await stage.runtime.settled();
  const { id } = await stage.msp.api<{ id: string }>('GET', '/periods/current');
  await stage.runtime.advanceClock('P33D');
  await stage.runtime.settled();
  return { stage, id };
}

describe('a closed period', () => {
  it('keeps its items whatever comes late; the open period follows what is held now', async () => {
    const { stage, id } = await closedWithThreeSeats('Closing');
    const { msp, runtime } = stage;
    const customer = stage.customers[0]!;
    expect(await msp.api('GET', `/periods/${id}`)).toMatchObject({ id, state: 'closed' });
    const frozen = await msp.api<ItemsPage>('GET', `/billing/${id}/items`);
    expect(frozen.data.map((item) => item.userCode)).toEqual(['u0', 'u1', 'u2']);

    // A seat that was there all along, told only now.
    await msp.post([assigned(customer.code, 'late', SERVICE, stage.now.toISOString())]);
    await runtime.settled();
    expect(await msp.api('GET', `/billing/${id}/items`)).toEqual(frozen);
    const open = await msp.api<ItemsPage>('GET', '/billing/current/items');
    expect(open.data.map((item) => item.userCode)).toEqual(['late', 'u0', 'u1', 'u2']);
    const now = new Date((await runtime.status()).now).toISOString();
    expect(await msp.sandbox.unitsOn(customer.contractServiceId, now.slice(0, 10))).toBe(4);
    // Told late, billed once: what the PSA bills for the closed month and what is listed beside it make four together.
    expect((await msp.sandbox.unitsOn(customer.contractServiceId, id)) + (await listedUnits(stage, id))).toBe(4);
  });

  it('that the PSA has posted is not written any more: the late seat is listed for a person', async () => {
    const { stage, id } = await closedWithThreeSeats('Closed and posted');
    const { msp, runtime } = stage;
    const customer = stage.customers[0]!;
    await msp.sandbox.postPeriod(customer.companyId, stage.monthStart);

    await msp.post([assigned(customer.code, 'late', SERVICE, stage.now.toISOString())]);
    await runtime.settled();
    expect(await msp.sandbox.unitsOn(customer.contractServiceId, id)).toBe(3);
    const now = new Date((await runtime.status()).now).toISOString();
    expect(await msp.sandbox.unitsOn(customer.contractServiceId, now.slice(0, 10))).toBe(4);
    expect(await listedUnits(stage, id)).toBe(1);
  });
});
