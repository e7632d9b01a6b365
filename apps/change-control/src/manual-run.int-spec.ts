import { type StoredConnection, findRun, readRunLog, startRun } from '@trueup/control';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlWorld } from './control-world.model.js';
import { targetOf } from './target.model.js';

let world: ControlWorld;
beforeAll(async () => {
  world = await ControlWorld.started();
});
afterAll(() => world.stop());

async function delivered(): Promise<StoredConnection> {
  const connection = await world.mappedTenant();
  await world.mapCustomer(connection, 'C2', '8');
  await world.decide(
    targetOf(connection, 1, [['2026-11-01', '4']]),
    targetOf({ ...connection, customerCode: 'C2' }, 1, [['2026-11-01', '3']]),
    targetOf({ ...connection, customerCode: 'C3' }, 1, [['2026-11-01', '2']]),
  );
  for (const change of world.released(connection.id)) await world.answer(change, 'delivered');
  return connection;
}

async function run({ id, tenantId }: StoredConnection, customerCodes?: string[]): Promise<string> {
  const request = { connectionId: id, customerCodes, actor: { name: 'Ada' }, now: world.days.at };
  const runId = await world.tx((tx) => startRun(tx, tenantId, request));
  await world.settle();
  return runId!;
}

const again = ({ id }: StoredConnection) => world.released(id).filter((change) => change.version > 1);
const codesOf = async ({ tenantId }: StoredConnection, runId: string) =>
  (await readRunLog(world.database, { tenantId, runId, reach: 'tenant', limit: 100 })).map((entry) => entry.code);

describe('a manual run', () => {
  it('looks at every mapped line afresh and ends with the last outcome', async () => {
    const connection = await delivered();
    const runId = await run(connection);
    const changes = again(connection);
    const told = changes.map((change) => [change.account.billingIdentifier, change.version, change.runId]);
    expect(told.toSorted((a, b) => String(a[0]).localeCompare(String(b[0])))).toEqual([
      ['7', 2, runId],
      ['8', 2, runId],
    ]);
    await world.answer(changes[0]!, 'unchanged', { code: 'LINE_UNCHANGED' });
    expect(await findRun(world.database, connection.tenantId, runId)).toMatchObject({ kind: 'manual', state: 'running' });
    await world.answer(changes[1]!, 'delivered');
    expect(await findRun(world.database, connection.tenantId, runId)).toMatchObject({
      state: 'finished',
      counts: { RUN_STARTED: 1, CUSTOMER_UNMAPPED: 1, LINE_UNCHANGED: 1, LINE_UPDATED: 1, RUN_FINISHED: 1 },
    });
    expect(await codesOf(connection, runId)).toEqual([
      'RUN_STARTED',
      'CUSTOMER_UNMAPPED',
      'LINE_UNCHANGED',
      'LINE_UPDATED',
      'RUN_FINISHED',
    ]);
  });

  it('keeps to the customers named', async () => {
    const connection = await delivered();
    await run(connection, ['C2']);
    expect(again(connection).map((change) => change.account.billingIdentifier)).toEqual(['8']);
  });

  it('without lines is finished at once', async () => {
    const connection = await delivered();
    const runId = await run(connection, ['C9']);
    expect(await codesOf(connection, runId)).toEqual(['RUN_STARTED', 'RUN_FINISHED']);
  });

  it('ends though a newer version replaces its own', async () => {
    const connection = await delivered();
    const runId = await run(connection, ['C1']);
    const [change] = again(connection);
    await world.decide(targetOf(connection, 2, [['2026-11-01', '5']]));
    await world.answer(change!, 'superseded');
    expect(await findRun(world.database, connection.tenantId, runId)).toMatchObject({ state: 'finished' });
  });

  it('is refused for a connection of another tenant', async () => {
    const { id } = await delivered();
    const request = { connectionId: id, actor: {}, now: world.days.at };
    expect(await world.tx((tx) => startRun(tx, world.newTenant(), request))).toBeNull();
  });
});
