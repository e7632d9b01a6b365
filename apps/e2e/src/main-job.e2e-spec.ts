import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { assigned, mapCustomers, runLogOf, type Scene, SERVICE, SKU, writesOf } from '@trueup/testing/product';
import { scene } from './scene.js';

interface Explain {
  quantity: string;
  waterfall: { code: string; quantity: string }[];
  people: { userCode: string; delta: string; actor: { id?: string; name?: string }; eventId: string; counted: boolean }[];
}

const sumOf = (quantities: readonly string[]): number => quantities.reduce((sum, quantity) => sum + Number(quantity), 0);

describe('the main job', () => {
  let stage: Scene;
  beforeAll(async () => {
    stage = await scene('Main job', { units: 0 });
  });

  it('raises the units of the contract service by exactly one, with the right date, and explains it', async () => {
    const { msp, runtime, customers, now, monthStart, connectionId } = stage;
    const customer = customers[0]!;
    const one = assigned(customer.code, 'jo', SERVICE, now.toISOString());
    expect(await msp.postOne(one)).toMatchObject({ accepted: 1, rejected: 0 });
    await runtime.settled();

    expect(await writesOf(stage, customer)).toEqual({ count: 1, sum: 1, dates: [monthStart] });
    expect(await msp.sandbox.unitsOn(customer.contractServiceId, stage.today)).toBe(1);

    const line = await msp.line(customer.code, SKU);
    expect(line).toMatchObject({ quantity: '1', deliveries: [{ connectionId, state: 'delivered', code: 'LINE_UPDATED' }] });

    const why = await msp.api<Explain>('GET', `/lines/${line.lineKey}/explain?period=current`);
    expect(sumOf(why.waterfall.map((part) => part.quantity))).toBe(Number(why.quantity));
    expect(why.people).toMatchObject([
      { userCode: 'jo', delta: '1', counted: true, eventId: one.id, actor: { id: 'desk-7', name: 'Dana Desk' } },
    ]);
  });

  it('writes AT09 into the run log', async () => {
    const log = await runLogOf<{ alias: string; level: string }>(stage, 'code=LINE_UPDATED');
    expect(log).toMatchObject([{ alias: 'AT09', level: 'Info' }]);
  });

  it('lowers the units when the seat goes', async () => {
    const { msp, runtime, customers, now } = stage;
    const data = { userCode: 'jo', serviceCode: SERVICE };
    const gone = {
      ...assigned(customers[0]!.code, 'jo', SERVICE, new Date(now.getTime() + 1000).toISOString()),
      id: randomUUID(),
      data,
    };
    await msp.post([{ ...gone, type: 'trueup.user.service.removed.v1' }]);
    await runtime.settled();
    expect(await writesOf(stage, customers[0]!)).toMatchObject({ count: 2, sum: 0 });
    expect((await msp.line(customers[0]!.code, SKU)).deliveries).toMatchObject([{ state: 'delivered', code: 'LINE_ZEROED' }]);
  });
});

describe('counting', () => {
  it('counts one event once that is posted five times at once', async () => {
    const stage = await scene('Five at once');
    const customer = stage.customers[0]!;
    const one = assigned(customer.code, 'jo', SERVICE, stage.now.toISOString());
    const answers = await Promise.all(Array.from({ length: 5 }, () => stage.msp.postOne(one)));
    expect(answers.map((answer) => answer.accepted + answer.duplicate)).toEqual([1, 1, 1, 1, 1]);
    await stage.runtime.settled();
    expect((await stage.msp.line(customer.code, SKU)).quantity).toBe('1');
    expect(await writesOf(stage, customer)).toMatchObject({ count: 1, sum: 1 });
    expect(await stage.msp.postOne(one)).toMatchObject({ accepted: 0, duplicate: 1 });
  });

  it('gives a customer that is mapped after its seats arrived all of them', async () => {
    const stage = await scene('Mapped late', { isMapped: false });
    const customer = stage.customers[0]!;
    await stage.msp.post(Array.from({ length: 7 }, (_, n) => assigned(customer.code, `u${n}`, SERVICE, stage.now.toISOString())));
    await stage.runtime.settled();
    expect((await stage.msp.line(customer.code, SKU)).deliveries).toMatchObject([{ connectionId: null, state: 'unmapped' }]);
    expect(await writesOf(stage, customer)).toMatchObject({ count: 0 });
    await mapCustomers(stage);
    await stage.runtime.settled();
    expect(await writesOf(stage, customer)).toMatchObject({ count: 1, sum: 7 });
  });

  it('writes ten seats of one second in one or two writes', async () => {
    const stage = await scene('Ten in a second');
    const customer = stage.customers[0]!;
    for (let n = 0; n < 10; n++) {
      await stage.msp.postOne(assigned(customer.code, `u${n}`, SERVICE, stage.now.toISOString()));
      await new Promise((resolve) => setTimeout(resolve, 80));
    }
    await stage.runtime.settled();
    const writes = await writesOf(stage, customer);
    expect(writes.sum).toBe(10);
    expect(writes.count).toBeLessThanOrEqual(2);
  });

  it('writes nothing while the connection observes, and what was previewed once it is stepped up', async () => {
    const stage = await scene('Observe first', { mode: 'observe', units: 3 });
    const customer = stage.customers[0]!;
    await stage.msp.post(Array.from({ length: 3 }, (_, n) => assigned(customer.code, `u${n}`, SERVICE, stage.now.toISOString())));
    await stage.runtime.settled();
    expect((await stage.msp.line(customer.code, SKU)).deliveries).toMatchObject([{ state: 'observed' }]);
    await stage.msp.post([assigned(customer.code, 'u3', SERVICE, stage.now.toISOString())]);
    await stage.runtime.settled();
    expect(await writesOf(stage, customer)).toMatchObject({ count: 0 });
    await stage.msp.api('PUT', `/connections/${stage.connectionId}/mode`, { body: { mode: 'auto' } });
    await stage.runtime.settled();
    expect(await writesOf(stage, customer)).toMatchObject({ count: 1, sum: 1 });
  });

  it('holds a line whose contract differs at first contact, and writes nothing', async () => {
    const stage = await scene('Differs', { units: 12 });
    const customer = stage.customers[0]!;
    await stage.msp.post([assigned(customer.code, 'jo', SERVICE, stage.now.toISOString())]);
    await stage.runtime.settled();
    expect((await stage.msp.line(customer.code, SKU)).deliveries).toMatchObject([{ state: 'held', code: 'DIFFERS_AT_START' }]);
    expect(await writesOf(stage, customer)).toMatchObject({ count: 0 });
  });
});
