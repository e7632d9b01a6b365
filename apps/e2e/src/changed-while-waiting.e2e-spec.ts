import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { call, Runtime, type Scene, seats, writesOf } from '@trueup/testing/product';
import { scene } from './scene.js';

const sandboxUrl = (): string => new Runtime(inject('home')).endpoints.sandboxes.autotask;
const clearFaults = (): Promise<unknown> => call('DELETE', `${sandboxUrl()}/_sandbox/faults`);

/** Two customers whose seats wait because the PSA answers nothing. */
async function waiting(name: string): Promise<Scene> {
  const stage = await scene(name, { customers: 2, settings: { settleMs: 1500 } });
  const { msp, customers } = stage;
  await msp.sandbox.fault({ kind: '503-html', match: { access: 'any' }, count: 'always' });
  for (const customer of customers) await msp.post(seats(stage, customer, 2));
  await wait(2_500);
  return stage;
}

describe('a change that waits behind a PSA in trouble', () => {
  afterAll(clearFaults);

  it('is never written once its mapping is gone; its neighbour is', async () => {
    const stage = await waiting('Unmapped while waiting');
    const [gone, stays] = stage.customers as [(typeof stage.customers)[0], (typeof stage.customers)[0]];
    await stage.msp.api('DELETE', `/mappings/customers/${gone.code}?connectionId=${stage.connectionId}`);
    await clearFaults();
    await stage.runtime.settled(120);
    expect(await writesOf(stage, gone)).toMatchObject({ count: 0 });
    expect(await writesOf(stage, stays)).toMatchObject({ count: 1, sum: 2 });
  });

  it('is never written to the account that its customer was mapped to before', async () => {
    const stage = await waiting('Remapped while waiting');
    const [first, second] = stage.customers as [(typeof stage.customers)[0], (typeof stage.customers)[0]];
    await stage.msp.api('DELETE', `/mappings/customers/${second.code}?connectionId=${stage.connectionId}`);
    await stage.msp.mapCustomer(first.code, stage.connectionId, second.companyId, stage.monthStart);
    await clearFaults();
    await stage.runtime.settled(120);
    expect(await writesOf(stage, first)).toMatchObject({ sum: 0 });
    expect(await writesOf(stage, second)).toMatchObject({ count: 1, sum: 2 });
  });

  it('is not written with secrets that are wrong by then, and once with right ones', async () => {
    const stage = await waiting('Secrets changed while waiting');
    const { msp, runtime, connectionId } = stage;
    await msp.api('PUT', `/connections/${connectionId}/secrets`, { body: { Secret: 'no-longer-right' } });
    await clearFaults();
    await runtime.settled(120);
    for (const customer of stage.customers) expect(await writesOf(stage, customer)).toMatchObject({ count: 0 });
    await msp.api('PUT', `/connections/${connectionId}/secrets`, { body: { Secret: 'sandbox-secret' } });
    await runtime.settled(120);
    for (const customer of stage.customers) expect(await writesOf(stage, customer)).toMatchObject({ count: 1, sum: 2 });
  });
});
