import { describe, expect, it } from 'vitest';
import { assigned, removed, type Scene, SERVICE } from '@trueup/testing/product';
import { scene } from './scene.js';
import { nextDay } from './plain-model.js';

interface CorrectionView {
  units: string;
  from: string;
  to: string;
  state: string;
  reason: string;
}

/** Three seats from the first of the month on; the period has closed and the PSA has confirmed it. `lateOn`: a day within it. */
async function confirmedPeriod(name: string, settings: Record<string, unknown>): Promise<Scene & { id: string; lateOn: string }> {
  const stage = await scene(name, { settings });
  const { msp, runtime, monthStart } = stage;
  const { code } = stage.customers[0]!;
  await msp.post(['u0', 'u1', 'u2'].map((user) => assigned(code, user, SERVICE, `${monthStart}T00:00:00Z`)));
  await runtime.settled();
  const { id } = await msp.api<{ id: string }>('GET', '/periods/current');
  await runtime.advanceClock('P33D');
  await runtime.settled();
  // A seat of the open period: the version that carries it confirms the closed one.
  await msp.post([assigned(code, 'new', SERVICE, new Date((await runtime.status()).now).toISOString())]);
  await runtime.advanceClock('P2D');
  await runtime.settled();
  return { ...stage, id, lateOn: `${monthStart.slice(0, 8)}10` };
}

async function toldLate(stage: Scene & { lateOn: string }, user: string): Promise<void> {
  await stage.msp.post([assigned(stage.customers[0]!.code, user, SERVICE, `${stage.lateOn}T08:00:00Z`)]);
  await stage.runtime.settled();
}

const correctionsOf = async ({ msp, id }: Scene & { id: string }): Promise<string[]> => {
  const { data } = await msp.api<{ data: CorrectionView[] }>('GET', `/billing/${id}/corrections`);
  return data.map(({ units, from, to, state, reason }) => `${units} ${from} ${to} ${state} ${reason}`);
};

describe('a seat told after its period was closed here and confirmed by the PSA', () => {
  it('is billed there on its own days, and a removal told late takes it away', async () => {
    const stage = await confirmedPeriod('Late, unposted', { prorate: true });
    const { msp, id, lateOn, monthStart } = stage;
    const units = (day: string) => msp.sandbox.unitsOn(stage.customers[0]!.contractServiceId, day);
    const after = nextDay(id);
    await toldLate(stage, 'late');
    expect([await units(monthStart), await units(lateOn), await units(id), await units(after)]).toEqual([3, 4, 4, 4]);
    expect(await correctionsOf(stage)).toEqual([`1 ${lateOn} ${after} delivered late`]);

    await stage.msp.post([removed(stage.customers[0]!.code, 'u2', SERVICE, `${lateOn.slice(0, 8)}20T08:00:00Z`)]);
    await stage.runtime.settled();
    expect([await units(lateOn), await units(`${lateOn.slice(0, 8)}20`), await units(id)]).toEqual([4, 3, 3]);
    expect((await correctionsOf(stage)).filter((text) => text.includes('listed'))).toEqual([]);
  });

  it('is billed on the first day of its period where the connection does not prorate', async () => {
    const stage = await confirmedPeriod('Late, whole periods', { prorate: false });
    const { msp, id, monthStart } = stage;
    const units = (day: string) => msp.sandbox.unitsOn(stage.customers[0]!.contractServiceId, day);
    await toldLate(stage, 'late');
    expect([await units(monthStart), await units(id)]).toEqual([4, 4]);
    await toldLate(stage, 'later still');
    expect([await units(monthStart), await units(id)]).toEqual([5, 5]);
    const day = nextDay(id);
    expect(await correctionsOf(stage)).toEqual([
      `1 ${monthStart} ${day} delivered late`,
      `1 ${monthStart} ${day} delivered late`,
    ]);
  });

  it('is listed where the PSA has posted the period', async () => {
    const stage = await confirmedPeriod('Late, posted', { prorate: false });
    const { msp, id, monthStart } = stage;
    const customer = stage.customers[0]!;
    await msp.sandbox.postPeriod(customer.companyId, monthStart);
    await toldLate(stage, 'late');
    const day = nextDay(id);
    expect([
      await msp.sandbox.unitsOn(customer.contractServiceId, id),
      await msp.sandbox.unitsOn(customer.contractServiceId, day),
    ]).toEqual([3, 5]);
    expect((await correctionsOf(stage)).sort()).toEqual([
      `1 ${monthStart} ${day} listed posted`,
      `1 ${monthStart} ${day} withdrawn late`,
    ]);
  });
});
