import type { QuantityChange, Resolution } from '@trueup/contracts';
import {
  type StoredConnection,
  explainAgreementLine,
  listAgreementLines,
  listHolds,
  releaseHold,
  resolveAgreementLine,
} from '@trueup/control';
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

const reason = 'agreed with finance';
const actor = { id: 'u-1', name: 'Ada', kind: 'person' } as const;
const heldAs = (quantity: string) => ({
  held: { steps: [{ from: '2026-01-01', quantity }], token: `t${quantity}`, readAt: '2026-11-23T09:00:00Z' },
});

interface Scene extends StoredConnection {
  change: QuantityChange;
}

/** Ours 10, theirs 12, seen by a connector. */
async function differing(
  settings: object = {},
  code: 'DIFFERS_AT_START' | 'DRIFT_DETECTED' = 'DIFFERS_AT_START',
): Promise<Scene> {
  const connection = await world.mappedTenant('auto', settings);
  await world.decide(targetOf(connection, 1, [['2026-11-01', '10']]));
  const change = world.released(connection.id)[0]!;
  await world.answer(change, 'held', { code, ...heldAs('12') });
  return { ...connection, change };
}

async function resolve(scene: Scene, resolution: Resolution) {
  const { tenantId, change } = scene;
  const answer = await world.tx((tx) => resolveAgreementLine(tx, tenantId, change, resolution, { actor, now: world.days.at }));
  await world.settle();
  return answer;
}

const newest = ({ id }: Scene) => world.released(id).at(-1)!;
const lineOf = async ({ tenantId, id }: Scene) =>
  (await listAgreementLines(world.database, { tenantId, connectionId: id, reach: 'tenant', limit: 10 }))[0]!;
const holdsOf = ({ tenantId }: Scene) => listHolds(world.database, tenantId, 'tenant', { limit: 10 });

describe('a line that differs at the start', () => {
  it('waits until a person chooses', async () => {
    const scene = await differing();
    await world.decide(targetOf(scene, 1, [['2026-11-01', '10']]));
    expect(world.released(scene.id)).toHaveLength(1);
    expect(await lineOf(scene)).toMatchObject({ state: 'held', code: 'DIFFERS_AT_START' });
  });

  it('is overwritten with ours from the day named, and says what the person saw', async () => {
    const scene = await differing({ prorate: true });
    expect(await resolve(scene, { choice: 'overwrite', reason, from: '2026-11-20' })).toMatchObject({ ok: true });
    const change = newest(scene);
    expect(change).toMatchObject({ version: 2, writesFrom: '2026-11-20' });
    expect(levels(change.steps)).toEqual(['2026-11-20 10']);
    expect(change.acceptFound).toEqual({ steps: heldAs('12').held.steps, token: 't12', since: 2 });
    expect(await lineOf(scene)).toMatchObject({ state: 'pending', code: null });
  });

  it('is overwritten from the start of the period when the connection does not prorate', async () => {
    const scene = await differing();
    await resolve(scene, { choice: 'overwrite', reason, from: '2026-11-20' });
    expect(newest(scene)).toMatchObject({ writesFrom: '2026-11-01', steps: [{ from: '2026-11-01', quantity: '10' }] });
  });

  it('keeps what the person saw on later versions until one is confirmed', async () => {
    const scene = await differing();
    await resolve(scene, { choice: 'overwrite', reason, from: '2026-11-01' });
    await world.answer(scene.change, 'delivered', { attempt: 2 });
    await world.decide(targetOf(scene, 2, [['2026-11-01', '11']]));
    const third = newest(scene);
    expect(third).toMatchObject({ version: 3, acceptFound: { token: 't12', since: 2 } });
    await world.answer(third, 'delivered');
    await world.decide(targetOf(scene, 3, [['2026-11-01', '12']]));
    expect(newest(scene).acceptFound).toBeUndefined();
  });

  it('is adopted as an offset with reason, days and name, and follows our rows from there', async () => {
    const scene = await differing({ prorate: true });
    await resolve(scene, { choice: 'adopt', reason, from: '2026-11-23' });
    expect(newest(scene)).toMatchObject({ writesFrom: '2026-11-23', steps: [{ quantity: '12' }], acceptFound: { token: 't12' } });
    await world.decide(targetOf(scene, 2, [['2026-11-01', '11']]));
    expect(newest(scene).steps).toMatchObject([{ from: '2026-11-23', quantity: '13' }]);
    const explain = await explainAgreementLine(world.database, {
      ...scene,
      ...scene.change,
      reach: 'tenant',
    });
    expect(explain).toMatchObject({ quantity: '13', offset: '2', parts: [{ quantity: '11' }] });
    expect(explain!.resolutions).toMatchObject([
      { choice: 'adopt', cause: 'MANUAL', units: '2', reason, from: '2026-11-23', to: null, actor },
    ]);
  });

  it('is adopted with the units that the person names, until the day named', async () => {
    const scene = await differing({ prorate: true });
    await resolve(scene, { choice: 'adopt', quantity: '5', reason, from: '2026-11-10', to: '2026-11-25' });
    expect(levels(newest(scene).steps)).toEqual(['2026-11-10 15']);
    world.days.today = '2026-11-25';
    await world.settle();
    expect(levels(newest(scene).steps)).toEqual(['2026-11-10 15', '2026-11-25 10']);
    expect(await lineOf(scene)).toMatchObject({ offset: '0' });
  });

  it('is excluded, and nothing is released until it is resolved otherwise', async () => {
    const scene = await differing();
    await resolve(scene, { choice: 'exclude', reason, from: '2026-11-23' });
    await world.decide(targetOf(scene, 2, [['2026-11-01', '11']]));
    expect(world.released(scene.id)).toHaveLength(1);
    expect(await lineOf(scene)).toMatchObject({ state: 'excluded', ours: [{ quantity: '11' }] });
    expect(await holdsOf(scene)).toEqual([]);
    await resolve(scene, { choice: 'overwrite', reason, from: '2026-11-01' });
    expect(newest(scene)).toMatchObject({ version: 2, steps: [{ quantity: '11' }] });
  });

  it.each([
    ['a quantity with overwrite', { choice: 'overwrite', quantity: '9', reason, from: '2026-11-01' }, 'quantity-not-taken'],
    ['an end before the beginning', { choice: 'adopt', reason, from: '2026-11-23', to: '2026-11-23' }, 'bad-dates'],
    ['an end of an overwrite', { choice: 'overwrite', reason, from: '2026-11-01', to: '2026-11-23' }, 'bad-dates'],
  ] as const)('refuses %s', async (_what, resolution, refused) => {
    const scene = await differing();
    expect(await resolve(scene, resolution)).toMatchObject({ refused });
    expect(world.released(scene.id)).toHaveLength(1);
  });

  it('takes what a person says the PSA holds where it cannot be read', async () => {
    const scene = await differing();
    await world.answer(scene.change, 'held', {
      ...{ code: 'DIFFERS_AT_START', attempt: 2 },
      held: { steps: 'unreadable', readAt: '2026-11-23T09:30:00Z' },
    });
    expect(await resolve(scene, { choice: 'overwrite', reason, from: '2026-11-01' })).toMatchObject({
      refused: 'quantity-needed',
    });
    await resolve(scene, { choice: 'overwrite', quantity: '8', reason, from: '2026-11-01' });
    expect(newest(scene).acceptFound).toMatchObject({ steps: [{ from: '2026-11-01', quantity: '8' }] });
  });

  it('is unknown to another tenant', async () => {
    const scene = await differing();
    const stranger = { ...scene, tenantId: world.newTenant() };
    expect(await resolve(stranger, { choice: 'exclude', reason, from: '2026-11-23' })).toMatchObject({ refused: 'unknown' });
  });
});

describe('a hold', () => {
  it('lists both values and sends ours when it is released with a note', async () => {
    const scene = await differing({}, 'DRIFT_DETECTED');
    const [hold, ...more] = await holdsOf(scene);
    expect(more).toEqual([]);
    expect(hold).toMatchObject({
      ...{ connectionId: scene.id, agreementLineKey: scene.change.agreementLineKey, code: 'DRIFT_DETECTED' },
      ...{ ours: [{ quantity: '10' }], theirs: [{ quantity: '12' }] },
    });
    const release = () =>
      world.tx((tx) => releaseHold(tx, scene.tenantId, hold!.id, { note: 'checked', actor, now: world.days.at }));
    expect(await release()).toEqual({ ok: true });
    await world.settle();
    expect(newest(scene)).toMatchObject({ version: 2, steps: [{ quantity: '10' }], acceptFound: { token: 't12' } });
    expect(await holdsOf(scene)).toEqual([]);
    expect(await release()).toMatchObject({ refused: 'unknown' });
  });

  it('is hidden from a reach that does not cover the line', async () => {
    const { tenantId } = await differing();
    expect(await listHolds(world.database, tenantId, { customerCodes: ['C2'] }, { limit: 10 })).toEqual([]);
    expect(await listHolds(world.database, tenantId, { customerCodes: ['C1'] }, { limit: 10 })).toHaveLength(1);
  });
});

describe('drift', () => {
  it('is adopted by itself where the connection says so, and our own change that waits is still sent', async () => {
    const connection = await world.mappedTenant('auto', { prorate: true, onDrift: 'adopt' });
    await world.decide(targetOf(connection, 1, [['2026-11-01', '10']]));
    await world.answer(world.released(connection.id)[0]!, 'delivered', heldAs('10'));
    await world.decide(targetOf(connection, 2, [['2026-11-01', '11']]));
    const scene = { ...connection, change: world.released(connection.id)[1]! };
    await world.answer(scene.change, 'held', { code: 'DRIFT_DETECTED', ...heldAs('12') });
    expect(newest(scene)).toMatchObject({ version: 3, steps: [{ from: '2026-11-23', quantity: '13' }] });
    const explain = await explainAgreementLine(world.database, {
      ...scene,
      ...scene.change,
      reach: 'tenant',
    });
    expect(explain!.resolutions).toMatchObject([{ cause: 'PSA_DRIFT', units: '2', actor: { kind: 'system' } }]);
  });

  it('is left to the connector where the connection restores', async () => {
    const { id } = await differing({ onDrift: 'restore' }, 'DRIFT_DETECTED');
    expect(world.released(id)).toMatchObject([{ onDrift: 'restore' }]);
  });
});
