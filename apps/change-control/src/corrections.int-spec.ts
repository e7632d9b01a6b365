import type { LineTarget, Step } from '@trueup/contracts';
import { listCorrections } from '@trueup/control';
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
    ({ units, from, to, state }) => `${units} ${from} ${to} ${state}`,
  );

async function delivered() {
  const connection = await world.mappedTenant('auto', { prorate: true });
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

  it('are listed as corrections of a confirmed period, with units and days', async () => {
    const { id, tenantId } = await delivered();
    await world.decide(closed(tenantId, 2, steps(['2026-10-01', '4'], ['2026-10-20', '6'], ['2026-10-25', '5'])));
    expect(await listed(tenantId)).toEqual(
      expect.arrayContaining(['2 2026-10-20 2026-10-25 listed', '1 2026-10-25 2026-11-01 listed']),
    );
    expect(await listed(tenantId, { periodId: '2026-11-30' })).toEqual([]);
    expect(levels(world.released(id).at(-1)!.steps)).toEqual(['2026-11-01 5']);
  });

  it('replace what earlier late events listed', async () => {
    const { tenantId } = await delivered();
    await world.decide(closed(tenantId, 2, steps(['2026-10-01', '4'], ['2026-10-20', '6'])));
    await world.decide(closed(tenantId, 3, steps(['2026-10-01', '3'])));
    expect((await listed(tenantId)).sort()).toEqual(['-1 2026-10-01 2026-11-01 listed', '2 2026-10-20 2026-11-01 withdrawn']);
  });

  it('correct no day before the line was ever to be billed', async () => {
    world.days.liveFrom = '2026-10-22';
    const { tenantId } = await delivered();
    await world.decide(closed(tenantId, 2, steps(['2026-10-01', '4'], ['2026-10-20', '6'])));
    expect(await listed(tenantId)).toEqual(['2 2026-10-22 2026-11-01 listed']);
    world.days.liveFrom = '2026-10-01';
  });
});
