import type { Guard } from '@trueup/contracts';
import {
  type StoredConnection,
  findRun,
  listAgreementLines,
  listHolds,
  putGuards,
  readRunLog,
  setConnectionMode,
  startRun,
} from '@trueup/control';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlWorld } from './control-world.model.js';
import { guard, holding } from './guarded.model.js';

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

describe('a posting window', () => {
  const shut = 'Mon-Fri 18:00-20:00';
  const at = (time: string): void => {
    world.days.at = new Date(`2026-11-23T${time}:00Z`);
  };

  it('keeps changes until it opens, as they are then, and nobody has to act', async () => {
    const connection = await guarded([guard('window', shut)]);
    await world.decide(holding(connection, 1, '4'));
    expect(await lineOf(connection)).toMatchObject({ state: 'pending', code: 'WAITS_FOR_DATE', ours: [{ quantity: '4' }] });
    expect((await lineOf(connection)).message).toContain('opens 23 Nov 2026, 18:00 (UTC)');
    expect(await holdsOf(connection)).toEqual([]);
    await world.decide(holding(connection, 2, '6'));
    expect(sent(connection)).toEqual([]);
    at('17:59');
    await world.settle();
    expect(sent(connection)).toEqual([]);
    at('18:00');
    await world.settle();
    expect(sent(connection)).toEqual(['6']);
    expect(await lineOf(connection)).toMatchObject({ state: 'pending', code: null });
    await world.decide(holding(connection, 3, '7'));
    expect(sent(connection)).toEqual(['6', '7']);
    at('10:00');
  });

  it('is not passed by a run, which says so; a step down is at once', async () => {
    const connection = await guarded([]);
    await world.decide(holding(connection, 1, '4'));
    await world.answer(world.released(connection.id)[0]!, 'delivered');
    await world.tx((tx) => putGuards(tx, connection.tenantId, [guard('window', shut)]));
    await world.settle();
    const request = { connectionId: connection.id, actor: { name: 'Ada' }, now: world.days.at };
    const runId = await world.tx((tx) => startRun(tx, connection.tenantId, request));
    await world.settle();
    expect(sent(connection)).toEqual(['4']);
    const log = { tenantId: connection.tenantId, runId: runId!, reach: 'tenant' as const, limit: 10 };
    expect((await readRunLog(world.database, log)).map(({ code, level }) => `${code} ${level}`)).toContain('WAITS_FOR_DATE Info');
    expect(await findRun(world.database, connection.tenantId, runId!)).toMatchObject({ state: 'finished' });
    await world.tx((tx) => setConnectionMode(tx, connection.tenantId, connection.id, 'observe', world.days.at));
    await world.decide(holding(connection, 2, '5'));
    expect(world.released(connection.id, 'previews').at(-1)!.steps.at(-1)!.quantity).toBe('5');
  });

  it('is about its own lines alone, and is forgotten with its guard', async () => {
    const connection = await guarded([guard('window', shut, { scope: { sku: 'E5' } })]);
    await world.decide(holding(connection, 1, '4'));
    expect(sent(connection)).toEqual(['4']);
    await world.tx((tx) => putGuards(tx, connection.tenantId, [guard('window', shut)]));
    await world.decide(holding(connection, 2, '5'));
    expect(sent(connection)).toEqual(['4']);
    await world.tx((tx) => putGuards(tx, connection.tenantId, []));
    await world.settle();
    expect(sent(connection)).toEqual(['4', '5']);
  });

  it('keeps a line that moves where it is until its lowering may go out', async () => {
    const connection = await guarded([]);
    await world.decide(holding(connection, 1, '4'));
    await world.answer(world.released(connection.id)[0]!, 'delivered');
    await world.tx((tx) => putGuards(tx, connection.tenantId, [guard('window', shut)]));
    await world.mapCustomer(connection, 'C1', '8', '2026-11-20');
    await world.settle();
    expect(sent(connection)).toEqual(['4']);
    at('18:00');
    await world.settle();
    expect(sent(connection)).toEqual(['4', '0']);
    await world.answer(world.released(connection.id).at(-1)!, 'zeroed');
    expect(world.released(connection.id).map(({ account }) => account.billingIdentifier)).toEqual(expect.arrayContaining(['8']));
    at('10:00');
  });

  it('shows a line as waiting though an earlier version is only now confirmed', async () => {
    const connection = await guarded([]);
    await world.decide(holding(connection, 1, '4'));
    await world.tx((tx) => putGuards(tx, connection.tenantId, [guard('window', shut)]));
    await world.decide(holding(connection, 2, '5'));
    await world.answer(world.released(connection.id)[0]!, 'delivered');
    expect(await lineOf(connection)).toMatchObject({ state: 'pending', code: 'WAITS_FOR_DATE' });
    expect(await world.underWay(connection.id)).toEqual([]);
  });
});

describe('a write budget', () => {
  it('delays what has no new cause to the next day, and no seat', async () => {
    const connection = await guarded([guard('write-budget', '1')]);
    const runAgain = async (): Promise<void> => {
      const request = { connectionId: connection.id, actor: { name: 'Ada' }, now: world.days.at };
      await world.tx((tx) => startRun(tx, connection.tenantId, request));
      await world.settle();
    };
    const confirm = async () => world.answer(world.released(connection.id).at(-1)!, 'unchanged', { code: 'LINE_UNCHANGED' });
    await world.decide(holding(connection, 1, '4'));
    await confirm();
    await runAgain();
    await confirm();
    await runAgain();
    expect(sent(connection)).toEqual(['4', '4']);
    expect(await lineOf(connection)).toMatchObject({ state: 'pending', code: 'RATE_LIMITED' });
    expect(await holdsOf(connection)).toEqual([]);
    await world.decide(holding(connection, 2, '5'));
    expect(sent(connection)).toEqual(['4', '4', '5']);
    await confirm();
    await runAgain();
    expect(sent(connection)).toHaveLength(3);
    world.days.today = '2026-11-24';
    world.days.at = new Date('2026-11-24T00:00:00Z');
    await world.settle();
    expect(sent(connection)).toEqual(['4', '4', '5', '5']);
    world.days.today = '2026-11-23';
    world.days.at = new Date('2026-11-23T10:00:00Z');
  });
});
