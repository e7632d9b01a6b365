import type { QuantityChange } from '@trueup/contracts';
import { type StoredConnection, confirmWorkItem, listAgreementLines, listWorkItems } from '@trueup/control';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ControlWorld } from './control-world.model.js';
import { levels, targetOf } from './target.model.js';

let world: ControlWorld;
beforeAll(async () => {
  world = await ControlWorld.started();
});
afterAll(() => world.stop());
beforeEach(() => {
  world.days.today = '2026-11-23';
});

const actor = { id: 'u-1', name: 'Ada', kind: 'person' } as const;
const heldAs = (quantity: string) => ({
  held: { steps: [{ from: '2026-11-01', quantity }], readAt: '2026-11-23T09:00:00Z' },
});
const manual = { from: '10', to: '12', effectiveDate: '2026-11-20', recordIds: ['4711'] };
const done = { quantity: '12', date: '2026-11-21', note: 'done in the PSA, ticket 4711' };

interface Scene extends StoredConnection {
  change: QuantityChange;
}

/** The PSA holds 10 as delivered, ours is 12 from 20 November on, and a person must raise it. */
async function byHand(settings: object = { prorate: true }): Promise<Scene> {
  const connection = await world.mappedTenant('auto', settings);
  await world.decide(targetOf(connection, 1, [['2026-11-01', '10']]));
  await world.answer(world.released(connection.id)[0]!, 'delivered', heldAs('10'));
  await world.decide(
    targetOf(connection, 2, [
      ['2026-11-01', '10'],
      ['2026-11-20', '12'],
    ]),
  );
  const change = world.released(connection.id)[1]!;
  await world.answer(change, 'manual', {
    code: 'CAPABILITY_MISSING',
    message: 'The API cannot raise it',
    manual,
    ...heldAs('10'),
  });
  return { ...connection, change };
}

async function confirm({ tenantId }: Pick<Scene, 'tenantId'>, id: string, more: object = {}) {
  const answer = await world.tx((tx) => confirmWorkItem(tx, tenantId, id, { ...done, ...more, actor, now: world.days.at }));
  await world.settle();
  return answer;
}

const itemsOf = ({ tenantId }: Scene) => listWorkItems(world.database, tenantId, 'tenant', { limit: 10 });
const newest = ({ id }: Scene) => world.released(id).at(-1)!;
const lineOf = async ({ tenantId, id }: Scene) =>
  (await listAgreementLines(world.database, { tenantId, connectionId: id, reach: 'tenant', limit: 10 }))[0]!;

describe('what a PSA cannot do through its API', () => {
  it('is a work item with all that a person needs', async () => {
    const scene = await byHand();
    const { agreementLineKey, lineRef } = scene.change;
    expect(await itemsOf(scene)).toEqual([
      {
        ...{ id: `wi_${agreementLineKey.slice(3)}_2`, connectionId: scene.id, agreementLineKey, lineRef, ...manual },
        ...{ customerCodes: ['C1'], billingIdentifier: '7', productRef: '42', sku: 'E3' },
        ...{ why: 'The API cannot raise it', since: world.days.at.toISOString() },
      },
    ]);
  });

  it('says its levels though the connector told none', async () => {
    const scene = await byHand();
    await world.answer(scene.change, 'manual', { attempt: 2, at: '2026-11-23T11:00:00Z', ...heldAs('9') });
    expect(await itemsOf(scene)).toMatchObject([{ from: '9', to: '12', effectiveDate: '2026-11-20', recordIds: [] }]);
  });

  it('is nothing to do while the connection only looks', async () => {
    const connection = await world.mappedTenant('observe');
    await world.decide(targetOf(connection, 1, [['2026-11-01', '10']]));
    const change = world.released(connection.id, 'previews')[0]!;
    await world.answer(change, 'manual', { manual, isPreview: true });
    const scene = { ...connection, change };
    expect([(await lineOf(scene)).state, await itemsOf(scene)]).toEqual(['manual', []]);
  });

  it.each([{ customerCodes: ['C2'] }, { resellerCode: 'R9' }])('is hidden from the reach %j', async (reach) => {
    const { tenantId } = await byHand();
    expect(await listWorkItems(world.database, tenantId, reach, { limit: 10 })).toEqual([]);
    expect(await listWorkItems(world.database, tenantId, { customerCodes: ['C1'] }, { limit: 10 })).toHaveLength(1);
  });
});

describe('a work item that a person has done', () => {
  it('releases the line with what the person vouches for, and no day before it', async () => {
    const scene = await byHand();
    expect(await confirm(scene, (await itemsOf(scene))[0]!.id)).toMatchObject({ ok: true });
    const change = newest(scene);
    expect(change).toMatchObject({ version: 3, writesFrom: '2026-11-21' });
    expect(change.acceptFound).toEqual({
      steps: [
        { from: '2026-11-01', quantity: '10' },
        { from: '2026-11-21', quantity: '12' },
      ],
      since: 3,
    });
    expect(await itemsOf(scene)).toEqual([]);
  });

  it('is delivered when the connector finds it so, and the next change starts there', async () => {
    const scene = await byHand();
    await confirm(scene, (await itemsOf(scene))[0]!.id);
    await world.answer(newest(scene), 'unchanged', heldAs('12'));
    expect(await lineOf(scene)).toMatchObject({ state: 'delivered', theirs: [{ quantity: '12' }] });
    await world.decide(targetOf(scene, 3, [['2026-11-01', '13']]));
    const { acceptFound, steps } = newest(scene);
    expect([acceptFound, levels(steps)]).toEqual([undefined, ['2026-11-21 13']]);
  });

  it('stays vouched for on a change that comes before the connector has looked', async () => {
    const scene = await byHand();
    await confirm(scene, (await itemsOf(scene))[0]!.id);
    await world.decide(targetOf(scene, 3, [['2026-11-01', '13']]));
    expect(newest(scene)).toMatchObject({ version: 4, acceptFound: { since: 3, steps: [{}, { quantity: '12' }] } });
  });

  it('of a line that nobody can read takes the level before it from the item', async () => {
    const scene = await byHand();
    const held = { steps: 'unreadable' as const, readAt: '2026-11-23T10:30:00Z' };
    await world.answer(scene.change, 'manual', { attempt: 2, at: '2026-11-23T11:00:00Z', manual, held });
    await confirm(scene, (await itemsOf(scene))[0]!.id);
    expect(newest(scene).acceptFound!.steps.map(({ from, quantity }) => `${from} ${quantity}`)).toEqual([
      '2026-11-01 10',
      '2026-11-21 12',
    ]);
  });

  it('is taken once, and is unknown when it is over, and to another tenant', async () => {
    const scene = await byHand();
    const { id } = (await itemsOf(scene))[0]!;
    expect(await confirm({ tenantId: world.newTenant() }, id)).toMatchObject({ refused: 'unknown' });
    const twice = await world.tx(async (tx) => {
      const wish = { ...done, actor, now: world.days.at };
      await confirmWorkItem(tx, scene.tenantId, id, wish);
      return confirmWorkItem(tx, scene.tenantId, id, wish);
    });
    await world.settle();
    expect([twice, await confirm(scene, id)]).toMatchObject([{ refused: 'already-done' }, { refused: 'unknown' }]);
    expect(newest(scene).version).toBe(3);
  });

  it('is a new item when the connector still cannot do the rest', async () => {
    const scene = await byHand();
    const { id } = (await itemsOf(scene))[0]!;
    await confirm(scene, id, { quantity: '11' });
    const rest = { ...manual, from: '11' };
    await world.answer(newest(scene), 'manual', { code: 'CAPABILITY_MISSING', manual: rest, ...heldAs('11') });
    expect(await itemsOf(scene)).toMatchObject([{ id: id.replace(/2$/, '3'), from: '11', to: '12' }]);
  });
});
