import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  agreementLineOf,
  assigned,
  resolve,
  runLogOf,
  type Scene,
  type SceneCustomer,
  seats,
  SERVICE,
  SKU,
  writesOf,
} from '@trueup/testing/product';
import { scene } from './scene.js';

/** Somebody adjusts the units in the PSA by hand. */
async function editedInPsa({ msp }: Scene, customer: SceneCustomer, unitChange: number, effectiveDate: string): Promise<void> {
  await msp.sandbox.adjust(customer.companyId, customer.contractServiceId, unitChange, effectiveDate);
}

describe('a contract that holds 12 where ours is 10', () => {
  const differing = async (name: string): Promise<Scene> => {
    const stage = await scene(name, { units: 12 });
    await stage.msp.post(seats(stage, stage.customers[0]!, 10));
    await stage.runtime.settled();
    expect(await agreementLineOf(stage, stage.customers[0]!)).toMatchObject({ state: 'held', code: 'DIFFERS_AT_START' });
    expect(await writesOf(stage, stage.customers[0]!)).toMatchObject({ count: 0 });
    return stage;
  };

  it('is written only when somebody chooses to overwrite it, and then once', async () => {
    const stage = await differing('Overwrite');
    const customer = stage.customers[0]!;
    await resolve(stage, customer, { choice: 'overwrite', reason: 'ours is right', from: stage.monthStart });
    expect(await writesOf(stage, customer)).toMatchObject({ count: 1, sum: -2, dates: [stage.monthStart] });
    expect(await stage.msp.sandbox.unitsOn(customer.contractServiceId, stage.today)).toBe(10);
    expect((await agreementLineOf(stage, customer)).state).toBe('delivered');
  });

  it('keeps its two units on top of ours when somebody adopts them, and explains them', async () => {
    const stage = await differing('Adopt');
    const customer = stage.customers[0]!;
    await resolve(stage, customer, { choice: 'adopt', reason: 'two shared mailboxes', from: stage.monthStart });
    expect(await writesOf(stage, customer)).toMatchObject({ count: 0 });
    await stage.msp.post([assigned(customer.code, 'one-more', SERVICE, stage.now.toISOString())]);
    await stage.runtime.settled();
    expect(await writesOf(stage, customer)).toMatchObject({ count: 1, sum: 1 });
    expect(await stage.msp.sandbox.unitsOn(customer.contractServiceId, stage.today)).toBe(13);
    const { agreementLineKey, offset } = await agreementLineOf(stage, customer);
    expect(offset).toBe('2');
    const why = await stage.msp.api('GET', `/connections/${stage.connectionId}/agreement-lines/${agreementLineKey}/explain`);
    expect(JSON.stringify(why)).toContain('two shared mailboxes');
    expect((await stage.msp.line(customer.code, SKU)).quantity).toBe('11');
  });

  it('is left alone for good when somebody excludes it', async () => {
    const stage = await differing('Exclude');
    const customer = stage.customers[0]!;
    await resolve(stage, customer, { choice: 'exclude', reason: 'billed elsewhere', from: stage.monthStart });
    await stage.msp.post([assigned(customer.code, 'one-more', SERVICE, stage.now.toISOString())]);
    await stage.runtime.settled();
    expect(await agreementLineOf(stage, customer)).toMatchObject({ state: 'excluded' });
    expect(await writesOf(stage, customer)).toMatchObject({ count: 0 });
  });
});

describe("somebody's edit in the PSA", () => {
  it('is reported and not overwritten, until somebody chooses', async () => {
    const stage = await scene('Drift');
    const customer = stage.customers[0]!;
    await stage.msp.post(seats(stage, customer, 4));
    await stage.runtime.settled();
    await editedInPsa(stage, customer, 5, stage.monthStart);
    await stage.msp.post([assigned(customer.code, 'one-more', SERVICE, stage.now.toISOString())]);
    await stage.runtime.settled();
    expect(await agreementLineOf(stage, customer)).toMatchObject({ state: 'held', code: 'DRIFT_DETECTED' });
    expect(await writesOf(stage, customer)).toMatchObject({ count: 1, sum: 4 });
    await resolve(stage, customer, { choice: 'overwrite', reason: 'a typing mistake', from: stage.monthStart });
    expect(await stage.msp.sandbox.unitsOn(customer.contractServiceId, stage.today)).toBe(5);
    expect(await writesOf(stage, customer)).toMatchObject({ count: 2, sum: 0 });
  });

  it('between our read and our write ends in a hold with both values, never in a second write', async () => {
    const stage = await scene('Edit in between', { settings: { settleMs: 1500 } });
    const customer = stage.customers[0]!;
    await stage.msp.sandbox.fault({
      kind: 'inject',
      match: { method: 'POST', path: `/Contracts/${customer.companyId}/ServiceAdjustments` },
      adjustment: {
        contractID: customer.companyId,
        contractServiceID: customer.contractServiceId,
        unitChange: 7,
        effectiveDate: stage.monthStart,
      },
    });
    await stage.msp.post(seats(stage, customer, 3));
    await stage.runtime.settled();
    const line = await agreementLineOf(stage, customer);
    expect(line).toMatchObject({ state: 'held', code: 'DRIFT_DETECTED' });
    expect(await writesOf(stage, customer)).toMatchObject({ count: 1, sum: 3 });
    expect(await stage.msp.sandbox.unitsOn(customer.contractServiceId, stage.today)).toBe(10);
  });
});

describe('our own writes', () => {
  it('are never called drift: two seats a second for a minute, no hold, exact units', async () => {
    const stage = await scene('Steady stream');
    const customer = stage.customers[0]!;
    for (let n = 0; n < 120; n++) {
      await stage.msp.post([assigned(customer.code, `s${n}`, SERVICE, stage.now.toISOString())]);
      await wait(480);
    }
    await stage.runtime.settled();
    expect(await agreementLineOf(stage, customer)).toMatchObject({ state: 'delivered' });
    expect(await stage.msp.sandbox.unitsOn(customer.contractServiceId, stage.today)).toBe(120);
    const warnings = await runLogOf<{ code: string }>(stage, 'level=Warning');
    expect(warnings.filter(({ code }) => code !== 'CUSTOMER_UNMAPPED')).toEqual([]);
  });
});
