import type { Guard } from '@trueup/contracts';
import {
  type RunRequest,
  type StoredConnection,
  findRun,
  listAgreementLines,
  putGuards,
  readRunLog,
  startRun,
} from '@trueup/control';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlWorld } from './control-world.model.js';
import { guard, holding } from './guarded.model.js';
import { NOVEMBER, levels, targetOf } from './target.model.js';

let world: ControlWorld;
beforeAll(async () => {
  world = await ControlWorld.started();
});
afterAll(() => world.stop());

async function run({ id, tenantId }: StoredConnection, scope: Partial<RunRequest>): Promise<string> {
  const request = { connectionId: id, ...scope, actor: { name: 'Ada' }, now: world.days.at };
  const runId = await world.tx((tx) => startRun(tx, tenantId, request));
  await world.settle();
  return runId!;
}

const lineOf = async ({ id, tenantId }: StoredConnection) =>
  (await listAgreementLines(world.database, { tenantId, connectionId: id, reach: 'tenant', limit: 10 }))[0]!;
const logOf = async ({ tenantId }: StoredConnection, runId: string) =>
  (await readRunLog(world.database, { tenantId, runId, reach: 'tenant', limit: 100 })).map(({ code, message }) => ({
    code,
    message,
  }));
const previews = ({ id }: StoredConnection) => world.released(id, 'previews');

async function delivered(guards: Guard[] = []): Promise<StoredConnection> {
  const connection = await world.mappedTenant();
  await world.tx((tx) => putGuards(tx, connection.tenantId, guards));
  await world.decide(holding(connection, 1, '4'));
  await world.answer(world.released(connection.id)[0]!, 'delivered');
  return connection;
}

describe('a run that only previews', () => {
  it('asks the connector, shows its answers in the log, and leaves the line as it is', async () => {
    const connection = await delivered();
    const before = await lineOf(connection);
    const runId = await run(connection, { isPreview: true });
    expect(world.released(connection.id)).toHaveLength(1);
    expect(previews(connection)).toMatchObject([{ version: 2, runId, steps: [{ quantity: '4' }] }]);
    await world.answer(previews(connection)[0]!, 'planned', { isPreview: true, message: 'Would write 3 → 4' });
    expect(await lineOf(connection)).toEqual(before);
    expect(await findRun(world.database, connection.tenantId, runId)).toMatchObject({ state: 'finished', preview: true });
    const log = await logOf(connection, runId);
    expect(log.map(({ code }) => code)).toEqual(['RUN_STARTED', 'LINE_UPDATED', 'RUN_FINISHED']);
    expect(log[1]!.message).toContain('Would write 3 → 4');
  });

  it('takes a version that no later release uses again', async () => {
    const connection = await delivered();
    await run(connection, { isPreview: true });
    await world.decide(holding(connection, 2, '5'));
    const change = world.released(connection.id).at(-1)!;
    expect(change.version).toBe(3);
    await world.answer(previews(connection)[0]!, 'superseded', { isPreview: true });
    await world.answer(change, 'delivered');
    expect(await lineOf(connection)).toMatchObject({ state: 'delivered', version: 3 });
  });

  it('takes the place of no change under way', async () => {
    const connection = await world.mappedTenant();
    await world.decide(holding(connection, 1, '4'));
    const runId = await run(connection, { isPreview: true });
    expect(previews(connection)).toEqual([]);
    expect((await logOf(connection, runId)).map(({ code }) => code)).toEqual(['RUN_STARTED', 'HELD', 'RUN_FINISHED']);
  });

  it('tells what a guard would hold', async () => {
    const connection = await delivered([guard('ceiling', '5')]);
    await world.decide(holding(connection, 2, '6'));
    const runId = await run(connection, { isPreview: true });
    expect(previews(connection)).toEqual([]);
    expect((await logOf(connection, runId)).map(({ code }) => code)).toEqual(['RUN_STARTED', 'GUARD_TRIPPED', 'RUN_FINISHED']);
  });

  it('leaves a rejected line its daily try', async () => {
    const connection = await world.mappedTenant();
    await world.decide(holding(connection, 1, '4'));
    await world.answer(world.released(connection.id)[0]!, 'rejected', { code: 'AGREEMENT_NOT_FOUND' });
    await run(connection, { isPreview: true });
    await world.answer(previews(connection)[0]!, 'rejected', { isPreview: true, code: 'AGREEMENT_NOT_FOUND' });
    expect(world.released(connection.id).map(({ version }) => version)).toEqual([1, 3]);
  });
});

describe('a run on the previous period', () => {
  it('brings what that period left, from the start of the one in which it runs, and nothing later', async () => {
    world.days.liveFrom = '2026-10-01';
    const connection = await world.mappedTenant('auto', { prorate: true });
    const counts = { present: '0', peak: '0', removed: '0' };
    const october = {
      ...{ id: '2026-10-31', start: '2026-10-01', end: '2026-11-01', state: 'closing' as const, ...counts },
      steps: [
        { from: '2026-10-01', quantity: '2' },
        { from: '2026-10-20', quantity: '4' },
      ],
    };
    const november = {
      ...{ ...NOVEMBER, ...counts },
      steps: [
        { from: '2026-11-01', quantity: '4' },
        { from: '2026-11-10', quantity: '6' },
      ],
    };
    const target = (version: number) => ({ ...targetOf(connection, version, []), periods: [october, november] });
    await world.decide(target(1));
    const whole = world.released(connection.id)[0]!;
    await world.answer(whole, 'delivered');
    await run(connection, { periodId: '2026-10-31' });
    const change = world.released(connection.id).at(-1)!;
    expect(change).toMatchObject({ version: 2, writesFrom: '2026-11-01', steps: [{ from: '2026-11-01', quantity: '4' }] });
    expect(levels(change.steps)).toEqual(['2026-11-01 4']);
    await world.answer(change, 'delivered');
    await world.decide(target(2));
    expect(levels(world.released(connection.id).at(-1)!.steps)).toEqual(levels(whole.steps));
    world.days.liveFrom = '2026-11-01';
  });
});
