import type { LineTarget, Outcome, QuantityChange, Step } from '@trueup/contracts';
import { listCorrections, putGuards, setConnectionMode } from '@trueup/control';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlWorld } from './control-world.model.js';
import { NOVEMBER, levels, targetOf } from './target.model.js';

let world: ControlWorld;
beforeAll(async () => {
  world = await ControlWorld.started();
  world.days.liveFrom = '2026-10-01';
});
afterAll(() => world.stop());

const OCTOBER = { id: '2026-10-31', start: '2026-10-01', end: '2026-11-01' } as const;
const counts = { present: '0', peak: '0', removed: '0' };
const steps = (...list: [string, string][]): Step[] => list.map(([from, quantity]) => ({ from, quantity }));

/** October closed with four units; `restated`: what late events make of it. */
function closed(tenantId: string, version: number, restated?: Step[], state: 'open' | 'closed' = 'closed'): LineTarget {
  const october = { ...OCTOBER, ...counts, state, steps: steps(['2026-10-01', '4']) };
  const late = restated && { restated: { present: '0', peak: '0', steps: restated } };
  const november = { ...NOVEMBER, ...counts, steps: steps(['2026-11-01', restated?.at(-1)?.quantity ?? '4']) };
  return { ...targetOf({ tenantId }, version, []), periods: [{ ...october, ...late }, november] };
}

const listed = async (tenantId: string, filter = {}) =>
  (await listCorrections(world.database, tenantId, 'tenant', filter, { limit: 10 })).map(
    ({ units, from, to, state, reason }) => `${units} ${from} ${to} ${state} ${reason}`,
  );

/** The PSA shows what the change asks for. */
const seen = ({ steps: held }: QuantityChange): Partial<Outcome> => ({
  held: { steps: held.map(({ from, quantity }) => ({ from, quantity })), readAt: world.days.at.toISOString() },
});

async function delivered(settings: object = { prorate: true }) {
  const connection = await world.mappedTenant('auto', settings);
  await world.decide(closed(connection.tenantId, 1));
  await world.answer(world.released(connection.id)[0]!, 'delivered');
  return connection;
}

describe('late events', () => {
  it('follow the schedule while the PSA has not confirmed the period', async () => {
    const { id, tenantId } = await world.mappedTenant('auto', { prorate: true });
    await world.decide(closed(tenantId, 1));
    await world.decide(closed(tenantId, 2, steps(['2026-10-01', '4'], ['2026-10-20', '6'])));
    expect(levels(world.released(id).at(-1)!.steps)).toEqual(['2026-10-01 4', '2026-10-20 6', '2026-11-01 6']);
    expect(await listed(tenantId)).toEqual([]);
    await world.answer(world.released(id).at(-1)!, 'delivered');
    await world.decide(closed(tenantId, 3, steps(['2026-10-01', '4'], ['2026-10-20', '6'])));
    // It was billed as restated: nothing is left to correct.
    expect(await listed(tenantId)).toEqual([]);
  });

  it('come back to the schedule of a confirmed period on their own days, and are delivered by its confirmation', async () => {
    const { id, tenantId } = await delivered();
    await world.decide(closed(tenantId, 2, steps(['2026-10-01', '4'], ['2026-10-20', '6'], ['2026-10-25', '5'])));
    const correction = world.released(id).at(-1)!;
    expect(correction.writesFrom).toBe('2026-10-01');
    expect(levels(correction.steps)).toEqual(['2026-10-01 4', '2026-10-20 6', '2026-10-25 5', '2026-11-01 5']);
    expect((await listed(tenantId)).sort()).toEqual([
      '1 2026-10-25 2026-11-01 scheduled late',
      '2 2026-10-20 2026-10-25 scheduled late',
    ]);
    expect(await listed(tenantId, { periodId: '2026-11-30' })).toEqual([]);
    await world.answer(correction, 'delivered', seen(correction));
    await world.decide(closed(tenantId, 3, steps(['2026-10-01', '4'], ['2026-10-20', '6'], ['2026-10-25', '5'])));
    expect(world.released(id).at(-1)!.writesFrom).toBe('2026-11-01');
    expect((await listed(tenantId)).sort()).toEqual([
      '1 2026-10-25 2026-11-01 delivered late',
      '2 2026-10-20 2026-10-25 delivered late',
    ]);
  });

  it('count from the start of their period where the connection does not prorate', async () => {
    const { id, tenantId } = await delivered({});
    await world.decide(closed(tenantId, 2, steps(['2026-10-01', '4'], ['2026-10-20', '6'])));
    expect(levels(world.released(id).at(-1)!.steps)).toEqual(['2026-10-01 6', '2026-11-01 6']);
    expect(await listed(tenantId)).toEqual(['2 2026-10-01 2026-11-01 scheduled late']);
  });

  it('take the place of earlier ones that are still to be delivered', async () => {
    const { tenantId } = await delivered();
    await world.decide(closed(tenantId, 2, steps(['2026-10-01', '4'], ['2026-10-20', '6'])));
    await world.decide(closed(tenantId, 3, steps(['2026-10-01', '3'])));
    expect((await listed(tenantId)).sort()).toEqual([
      '-1 2026-10-01 2026-11-01 scheduled late',
      '2 2026-10-20 2026-11-01 withdrawn late',
    ]);
  });

  it('are taken back on their own days when nothing is late any more before anybody knows whether they were written', async () => {
    const { id, tenantId } = await delivered();
    await world.decide(closed(tenantId, 2, steps(['2026-10-01', '3'])));
    await world.decide(closed(tenantId, 3, steps(['2026-10-01', '4'])));
    const back = world.released(id).at(-1)!;
    expect([back.writesFrom, ...levels(back.steps)]).toEqual(['2026-10-01', '2026-10-01 4', '2026-11-01 4']);
    expect(await listed(tenantId)).toEqual(['-1 2026-10-01 2026-11-01 withdrawn late']);
    await world.answer(back, 'delivered', seen(back));
    await world.decide(closed(tenantId, 4, steps(['2026-10-01', '4'])));
    expect(world.released(id).at(-1)!.writesFrom).toBe('2026-11-01');
  });

  it('give a further correction once the first one is confirmed, counted from what it left', async () => {
    const { id, tenantId } = await delivered();
    await world.decide(closed(tenantId, 2, steps(['2026-10-01', '4'], ['2026-10-20', '5'])));
    const first = world.released(id).at(-1)!;
    await world.answer(first, 'delivered', seen(first));
    await world.decide(closed(tenantId, 3, steps(['2026-10-01', '4'], ['2026-10-20', '6'])));
    const second = world.released(id).at(-1)!;
    expect(levels(second.steps)).toEqual(['2026-10-01 4', '2026-10-20 6', '2026-11-01 6']);
    await world.answer(second, 'delivered', seen(second));
    expect(await listed(tenantId)).toEqual(['1 2026-10-20 2026-11-01 delivered late', '1 2026-10-20 2026-11-01 delivered late']);
  });

  it('are listed once where the PSA has posted the period: by the days that it passes over', async () => {
    const { id, tenantId } = await delivered();
    await world.decide(closed(tenantId, 2, steps(['2026-10-01', '4'], ['2026-10-20', '6'])));
    const correction = world.released(id).at(-1)!;
    const held = { steps: steps(['2026-10-01', '4'], ['2026-11-01', '6']), readAt: world.days.at.toISOString() };
    const shifted = [{ wanted: '2026-10-20', taken: '2026-11-01', units: '2', reason: 'posted' as const }];
    await world.answer(correction, 'delivered', { held, shifted });
    await world.decide(closed(tenantId, 3, steps(['2026-10-01', '4'], ['2026-10-20', '6'])));
    expect((await listed(tenantId)).sort()).toEqual([
      '2 2026-10-20 2026-11-01 listed posted',
      '2 2026-10-20 2026-11-01 withdrawn late',
    ]);
  });

  it('are listed where the PSA bills nothing on their days, as before its agreement begins', async () => {
    const { id, tenantId } = await delivered();
    await world.decide(closed(tenantId, 2, steps(['2026-10-01', '4'], ['2026-10-20', '6'])));
    const correction = world.released(id).at(-1)!;
    const held = { steps: steps(['2026-10-01', '0'], ['2026-11-01', '6']), readAt: world.days.at.toISOString() };
    await world.answer(correction, 'delivered', { held });
    expect((await listed(tenantId)).sort()).toEqual([
      '2 2026-10-20 2026-11-01 listed date-shifted',
      '2 2026-10-20 2026-11-01 withdrawn late',
    ]);
  });

  it('are listed, and hold nothing up, where the PSA refuses their days', async () => {
    const { id, tenantId } = await delivered();
    await world.decide(closed(tenantId, 2, steps(['2026-10-01', '4'], ['2026-10-20', '6'])));
    await world.answer(world.released(id).at(-1)!, 'held', { code: 'PERIOD_POSTED' });
    const without = world.released(id).at(-1)!;
    expect(levels(without.steps)).toEqual(['2026-11-01 6']);
    expect(await listed(tenantId)).toEqual(['2 2026-10-20 2026-11-01 listed late']);
    await world.answer(without, 'delivered', seen(without));
    expect(await listed(tenantId)).toEqual(['2 2026-10-20 2026-11-01 listed late']);
  });

  it('are listed for a line with a floor: what it billed says nothing about the rows', async () => {
    const { id, tenantId } = await delivered();
    const floor = { id: 'floor', scope: {}, kind: 'floor', value: '2' } as const;
    await world.tx((tx) => putGuards(tx, tenantId, [floor]));
    await world.decide(closed(tenantId, 2, steps(['2026-10-01', '4'], ['2026-10-20', '6'])));
    expect(levels(world.released(id).at(-1)!.steps)).toEqual(['2026-11-01 6']);
    expect(await listed(tenantId)).toEqual(['2 2026-10-20 2026-11-01 listed late']);
  });

  it('wait through a step down, survive a restart and are delivered after the step up', async () => {
    const { id, tenantId } = await delivered();
    await world.tx((tx) => setConnectionMode(tx, tenantId, id, 'observe', world.days.at));
    await world.settle();
    await world.decide(closed(tenantId, 2, steps(['2026-10-01', '4'], ['2026-10-20', '6'])));
    await world.answer(world.released(id, 'previews').at(-1)!, 'planned', { isPreview: true });
    await world.stopControl();
    await world.startControl();
    expect(await listed(tenantId)).toEqual(['2 2026-10-20 2026-11-01 scheduled late']);
    await world.tx((tx) => setConnectionMode(tx, tenantId, id, 'auto', world.days.at));
    await world.settle();
    const correction = world.released(id).at(-1)!;
    expect(levels(correction.steps)).toEqual(['2026-10-01 4', '2026-10-20 6', '2026-11-01 6']);
    await world.answer(correction, 'delivered', seen(correction));
    expect(await listed(tenantId)).toEqual(['2 2026-10-20 2026-11-01 delivered late']);
  });

  it('stay where they were billed when the line has moved to another account since', async () => {
    const connection = await delivered();
    const { id, tenantId } = connection;
    await world.mapCustomer(connection, 'C1', '8', '2026-11-10');
    await world.settle();
    const lowering = world.released(id).at(-1)!;
    await world.answer(lowering, 'zeroed', seen(lowering));
    await world.decide(closed(tenantId, 2, steps(['2026-10-01', '4'], ['2026-10-20', '6'])));
    const newest = (account: string) => world.released(id).findLast((change) => change.account.billingIdentifier === account)!;
    expect(levels(newest('7').steps)).toEqual(['2026-10-01 4', '2026-10-20 6', '2026-11-01 6', '2026-11-10 0']);
    expect(levels(newest('8').steps)).toEqual(['2026-11-10 6']);
    expect(await listed(tenantId)).toEqual(['2 2026-10-20 2026-11-01 scheduled late']);
  });

  it('correct no day before the line was ever to be billed', async () => {
    world.days.liveFrom = '2026-10-22';
    const { id, tenantId } = await delivered();
    await world.decide(closed(tenantId, 2, steps(['2026-10-01', '4'], ['2026-10-20', '6'])));
    expect(await listed(tenantId)).toEqual(['2 2026-10-22 2026-11-01 scheduled late']);
    expect(world.released(id).at(-1)!.writesFrom).toBe('2026-10-22');
    world.days.liveFrom = '2026-10-01';
  });
});
