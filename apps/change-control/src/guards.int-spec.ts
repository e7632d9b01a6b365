import type { Guard } from '@trueup/contracts';
import {
  type StoredConnection,
  explainAgreementLine,
  listAgreementLines,
  listGuards,
  listHolds,
  putGuards,
  releaseHold,
  setConnectionMode,
} from '@trueup/control';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlWorld } from './control-world.model.js';
import { guard, holding } from './guarded.model.js';
import { levels } from './target.model.js';

let world: ControlWorld;
beforeAll(async () => {
  world = await ControlWorld.started();
});
afterAll(() => world.stop());

async function guarded(guards: Guard[], settings: object = {}): Promise<StoredConnection> {
  const connection = await world.mappedTenant('auto', settings);
  await world.tx((tx) => putGuards(tx, connection.tenantId, guards));
  await world.settle();
  return connection;
}

const sent = ({ id }: StoredConnection) => world.released(id).map((change) => change.steps.at(-1)!.quantity);
const holdsOf = ({ tenantId }: StoredConnection) => listHolds(world.database, tenantId, 'tenant', { limit: 10 });
const lineOf = async ({ tenantId, id }: StoredConnection) =>
  (await listAgreementLines(world.database, { tenantId, connectionId: id, reach: 'tenant', limit: 10 }))[0]!;

async function letPass(connection: StoredConnection): Promise<void> {
  const [hold] = await holdsOf(connection);
  const decision = { note: 'ordered by the customer', actor: { name: 'Ada' }, now: world.days.at };
  expect(await world.tx((tx) => releaseHold(tx, connection.tenantId, hold!.id, decision))).toEqual({ ok: true });
  await world.settle();
}

describe('a ceiling', () => {
  it('holds what is above it, with both values, and lets pass what a person releases', async () => {
    const connection = await guarded([guard('ceiling', '10')]);
    await world.decide(holding(connection, 1, '8'));
    await world.decide(holding(connection, 2, '12'));
    expect(sent(connection)).toEqual(['8']);
    expect(await lineOf(connection)).toMatchObject({ state: 'held', code: 'GUARD_TRIPPED', ours: [{ quantity: '12' }] });
    const [hold] = await holdsOf(connection);
    expect(hold).toMatchObject({ code: 'GUARD_TRIPPED', ours: [{ quantity: '12' }] });
    expect(hold!.message).toContain('12 from 2026-11-01 is above the ceiling of 10');
    await letPass(connection);
    expect(sent(connection)).toEqual(['8', '12']);
    expect(await holdsOf(connection)).toEqual([]);
  });

  it('holds the next change again, and nothing once it is below', async () => {
    const connection = await guarded([guard('ceiling', '10')]);
    await world.decide(holding(connection, 1, '12'));
    await letPass(connection);
    await world.decide(holding(connection, 2, '13'));
    expect(sent(connection)).toEqual(['12']);
    await world.decide(holding(connection, 3, '9', '4'));
    expect(sent(connection)).toEqual(['12', '9']);
  });

  it('is forgotten with its guard', async () => {
    const connection = await guarded([guard('ceiling', '10')]);
    await world.decide(holding(connection, 1, '12'));
    await world.tx((tx) => putGuards(tx, connection.tenantId, []));
    await world.settle();
    expect(sent(connection)).toEqual(['12']);
  });

  it('says so once in the log, under its code', async () => {
    const connection = await guarded([guard('ceiling', '10')]);
    await world.decide(holding(connection, 1, '12'));
    await world.decide(holding(connection, 2, '12', '1'));
    expect((await world.aliasesOf(connection.tenantId)).filter((code) => code === 'GUARD_TRIPPED')).toHaveLength(1);
  });
});

describe('a floor', () => {
  it('bills the floor and says so, but not for a customer that holds nothing', async () => {
    const connection = await guarded([guard('floor', '5', { scope: { customerCode: 'C1' } })]);
    await world.decide(holding(connection, 1, '3'));
    expect(sent(connection)).toEqual(['5']);
    const { agreementLineKey } = world.released(connection.id)[0]!;
    const ref = { tenantId: connection.tenantId, connectionId: connection.id, agreementLineKey, reach: 'tenant' as const };
    expect(await explainAgreementLine(world.database, ref)).toMatchObject({
      quantity: '5',
      floor: '2',
      parts: [{ quantity: '3' }],
    });
    await world.decide(holding(connection, 2, '0', '3'));
    expect(sent(connection)).toEqual(['5', '0']);
  });
});

describe('limits of a run', () => {
  it('hold 40 % of the seats of a customer that a script removes, whatever the pieces', async () => {
    const connection = await guarded([guard('max-change', '30', { per: 'customer', unit: 'percent' })]);
    await world.decide(holding(connection, 1, '100'));
    for (const change of world.released(connection.id)) await world.answer(change, 'delivered');
    world.days.today = '2026-11-24';
    for (const gone of [10, 20, 30, 40]) await world.decide(holding(connection, gone, String(100 - gone), String(gone)));
    expect(sent(connection)).toEqual(['100', '90', '80', '70']);
    expect(await lineOf(connection)).toMatchObject({ state: 'held', code: 'GUARD_TRIPPED' });
    await letPass(connection);
    expect(sent(connection).at(-1)).toBe('60');
    world.days.today = '2026-11-23';
  });
});

describe('absence', () => {
  it('never zeroes an account; a removal does', async () => {
    const connection = await guarded([]);
    await world.decide(holding(connection, 1, '4'));
    await world.decide(holding(connection, 2, '0'));
    expect(sent(connection)).toEqual(['4']);
    expect(await lineOf(connection)).toMatchObject({ state: 'held', code: 'PERIOD_EMPTY' });
    await world.decide(holding(connection, 3, '0', '4'));
    expect(sent(connection)).toEqual(['4', '0']);
    expect(await holdsOf(connection)).toEqual([]);
  });

  it('lets a plan change move seats between products', async () => {
    const connection = await guarded([]);
    await world.mapProduct(connection, 'E5', '43');
    await world.decide(holding(connection, 1, '40'));
    await world.decide({ ...holding(connection, 2, '0'), endOfSet: false }, holding(connection, 1, '40', '0', { sku: 'E5' }));
    expect(await holdsOf(connection)).toEqual([]);
    expect(sent(connection)).toEqual(['40', '40', '0'].toSorted((a, b) => a.localeCompare(b)).reverse());
  });

  it('lets a mapping move a line to another account', async () => {
    const connection = await guarded([]);
    await world.decide(holding(connection, 1, '40'));
    await world.mapCustomer(connection, 'C1', '8', '2026-11-20');
    await world.settle();
    expect(await holdsOf(connection)).toEqual([]);
  });

  it('is no matter while the connection only observes', async () => {
    const connection = await world.mappedTenant('observe');
    await world.decide(holding(connection, 1, '4'));
    await world.decide(holding(connection, 2, '0'));
    expect(world.released(connection.id, 'previews').map((change) => change.steps.at(-1)!.quantity)).toEqual(['4', '0']);
  });
});

describe('a connection that wants a hand', () => {
  it('holds a zero though a removal says so', async () => {
    const connection = await guarded([], { requireHand: { create: false, zero: true } });
    await world.decide(holding(connection, 1, '4'));
    await world.decide(holding(connection, 2, '0', '4'));
    expect(await lineOf(connection)).toMatchObject({ state: 'held', code: 'HELD' });
    await letPass(connection);
    expect(sent(connection)).toEqual(['4', '0']);
  });

  it('creates a line only once a person lets it', async () => {
    const connection = await guarded([], { mayCreateLine: true, requireHand: { create: true, zero: false } });
    await world.decide(holding(connection, 1, '4'));
    const first = world.released(connection.id)[0]!;
    expect(first.mayCreateLine).toBe(false);
    await world.answer(first, 'rejected', { code: 'LINE_MISSING' });
    expect(await lineOf(connection)).toMatchObject({ state: 'held', code: 'HELD' });
    await letPass(connection);
    expect(world.released(connection.id).at(-1)).toMatchObject({ version: 2, mayCreateLine: true });
  });
});

describe('guards', () => {
  it('are stored in their order, and refused with a pointer', async () => {
    const { tenantId } = await guarded([guard('floor', '2'), guard('ceiling', '9')]);
    expect((await listGuards(world.database, tenantId)).map(({ kind }) => kind)).toEqual(['floor', 'ceiling']);
    const put = (guards: Guard[]) => world.tx((tx) => putGuards(tx, tenantId, guards));
    expect(await put([guard('floor', 'much')])).toMatchObject({ errors: [{ pointer: '/0/value' }] });
    expect(await put([guard('floor', '1'), guard('floor', '2')])).toMatchObject({ errors: [{ pointer: '/1/id' }] });
    expect(await listGuards(world.database, tenantId)).toHaveLength(2);
  });

  it('judge what a step up would deliver', async () => {
    const connection = await world.mappedTenant('observe');
    await world.tx((tx) => putGuards(tx, connection.tenantId, [guard('ceiling', '10')]));
    await world.decide(holding(connection, 1, '12'));
    await world.answer(world.released(connection.id, 'previews')[0]!, 'planned', { isPreview: true });
    await world.tx((tx) => setConnectionMode(tx, connection.tenantId, connection.id, 'auto', world.days.at));
    await world.settle();
    expect(world.released(connection.id)).toEqual([]);
    expect(await lineOf(connection)).toMatchObject({ state: 'held', code: 'GUARD_TRIPPED' });
    expect(levels((await lineOf(connection)).ours)).toEqual(['2026-11-01 12']);
  });
});
