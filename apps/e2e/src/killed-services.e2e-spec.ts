import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { assigned, removed, SERVICE, SKU, writesOf } from '@trueup/testing/product';
import { scene } from './scene.js';

const BATCHES = 12;
const SEATS_A_BATCH = 6;

describe('a killed service', () => {
  it.each(['ingest', 'billing-projector', 'change-control', 'connector-autotask', 'api'])(
    'loses and doubles nothing when %s dies in mid-stream and comes back',
    async (service) => {
      const stage = await scene(`Killed ${service}`, { customers: 2, settings: { settleMs: 1500 } });
      const [first, second] = stage.customers as [(typeof stage.customers)[0], (typeof stage.customers)[0]];
      for (let batch = 0; batch < BATCHES; batch++) {
        const time = (offset: number): string => new Date(stage.now.getTime() - 3_600_000 + batch * 1000 + offset).toISOString();
        const users = Array.from({ length: SEATS_A_BATCH }, (_, n) => `b${batch}-${n}`);
        const events = [
          ...users.map((user) => assigned(first.code, user, SERVICE, time(1))),
          assigned(second.code, users[0]!, SERVICE, time(2)),
        ];
        if (batch % 3 === 2) events.push(removed(first.code, `b${batch - 1}-0`, SERVICE, time(3)));
        await stage.msp.postUntilAccepted(events);
        if (batch === 4) await stage.runtime.kill(service);
        if (batch === 7 || (batch === 4 && service === 'ingest')) await stage.runtime.restart(service);
        await wait(120);
      }
      await stage.runtime.settled(90);
      const expected = [BATCHES * SEATS_A_BATCH - 4, BATCHES];
      for (const [index, customer] of stage.customers.entries()) {
        expect((await stage.msp.line(customer.code, SKU)).quantity).toBe(String(expected[index]));
        expect((await writesOf(stage, customer)).sum).toBe(expected[index]);
        expect(await stage.msp.sandbox.unitsOn(customer.contractServiceId, stage.today)).toBe(expected[index]);
      }
    },
  );
});

describe('a write whose answer is lost', () => {
  it.each([
    ['is cut off after it took effect', { kind: 'apply-then-drop-connection' }],
    ['is cut off before it took effect', { kind: 'drop-before-apply' }],
    ['fails with 500 after it took effect', { kind: '500-after-commit' }],
    ['says "Timeout expired" after it took effect', { kind: 'timeout-expired', effect: true }],
    ['arrives with half a body', { kind: 'cut-body-after-commit' }],
  ])('has exactly one effect when it %s', async (_, fault) => {
    const stage = await scene('Lost answer', { settings: { settleMs: 1500 } });
    const customer = stage.customers[0]!;
    await stage.msp.sandbox.fault({
      ...fault,
      match: { method: 'POST', path: `/Contracts/${customer.companyId}/ServiceAdjustments` },
    });
    await stage.msp.post([assigned(customer.code, 'jo', SERVICE, stage.now.toISOString())]);
    await stage.runtime.settled(90);
    expect(await writesOf(stage, customer)).toMatchObject({ count: 1, sum: 1 });
    expect((await stage.msp.line(customer.code, SKU)).deliveries).toMatchObject([{ state: 'delivered' }]);
  });
});
