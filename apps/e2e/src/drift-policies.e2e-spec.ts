import { describe, expect, it } from 'vitest';
import { agreementLineOf, assigned, runLogOf, type Scene, seats, SERVICE, SKU, writesOf } from '@trueup/testing/product';
import { scene } from './scene.js';

/** Four seats delivered, five units added by somebody in the PSA, one more seat of ours. */
async function edited(name: string, onDrift: 'adopt' | 'restore'): Promise<Scene> {
  const stage = await scene(name, { settings: { onDrift } });
  const { msp, runtime, monthStart, now } = stage;
  const customer = stage.customers[0]!;
  await msp.post(seats(stage, customer, 4));
  await runtime.settled();
  await msp.sandbox.adjust(customer.companyId, customer.contractServiceId, 5, monthStart);
  await msp.post([assigned(customer.code, 'one-more', SERVICE, now.toISOString())]);
  await runtime.settled();
  return stage;
}

describe("somebody's edit on a connection", () => {
  it('that restores is reported and written over', async () => {
    const stage = await edited('Restores', 'restore');
    const customer = stage.customers[0]!;
    expect((await runLogOf<{ code: string }>(stage)).map(({ code }) => code)).toContain('DRIFT_DETECTED');
    expect(await stage.msp.sandbox.unitsOn(customer.contractServiceId, stage.today)).toBe(5);
    expect(await writesOf(stage, customer)).toMatchObject({ count: 2, sum: 0 });
  });

  it('that adopts is reported, kept on top of ours and explained as no row of ours', async () => {
    const stage = await edited('Adopts', 'adopt');
    const customer = stage.customers[0]!;
    expect((await runLogOf<{ code: string }>(stage)).map(({ code }) => code)).toContain('DRIFT_DETECTED');
    expect(await stage.msp.sandbox.unitsOn(customer.contractServiceId, stage.today)).toBe(10);
    expect(await writesOf(stage, customer)).toMatchObject({ sum: 5 });
    expect((await agreementLineOf(stage, customer)).offset).toBe('5');
    expect((await stage.msp.line(customer.code, SKU)).quantity).toBe('5');
  });
});

describe('a write that the PSA acknowledges and never shows', () => {
  it('goes to a person, and nothing is planned on top of it', async () => {
    const stage = await scene('Invisible write', { settings: { settleMs: 2000 } });
    const { msp, runtime } = stage;
    const customer = stage.customers[0]!;
    const path = `/Contracts/${customer.companyId}/ServiceAdjustments`;
    await msp.sandbox.fault({ kind: 'delayed-apply', seconds: 86_400, match: { method: 'POST', path } });
    await msp.post(seats(stage, customer, 3));
    await runtime.settled();
    expect(await agreementLineOf(stage, customer)).toMatchObject({ state: 'held' });
    await msp.post([assigned(customer.code, 'one-more', SERVICE, stage.now.toISOString())]);
    await runtime.settled();
    expect(await agreementLineOf(stage, customer)).toMatchObject({ state: 'held' });
    expect(await msp.sandbox.unitsOn(customer.contractServiceId, stage.today)).toBe(0);
  });
});
