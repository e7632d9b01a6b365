import {
  deliveriesOfLines,
  deleteCustomerMappings,
  listAgreementLines,
  listRuns,
  putCustomerMappings,
  putProductMappings,
  readRunLog,
  removeConnection,
  setConnectionMode,
} from '@trueup/control';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ControlWorld, targetOf } from './control-world.model.js';

let world: ControlWorld;
beforeAll(async () => {
  world = await ControlWorld.started();
});
afterAll(() => world.stop());
beforeEach(() => {
  world.days.today = '2026-11-23';
  world.days.liveFrom = '2026-11-01';
});

const levels = (steps: readonly { from: string; quantity: string }[]): string[] =>
  steps.map((step) => `${step.from} ${step.quantity}`);
const deliveryOf = async (tenantId: string, lineKey: string) =>
  (await deliveriesOfLines(world.database, { tenantId, reach: 'tenant', lineKeys: [lineKey] })).get(lineKey);
const logOf = async (tenantId: string): Promise<string[]> => {
  const runs = await listRuns(world.database, { tenantId, limit: 10 });
  const logs = await Promise.all(
    runs.map((run) => readRunLog(world.database, { tenantId, runId: run.id, reach: 'tenant', limit: 100 })),
  );
  return logs.flat().map((entry) => entry.alias ?? entry.code);
};

describe('deciding targets', () => {
  it('releases one change for one assignment', async () => {
    const { id, tenantId } = await world.mappedTenant();
    const target = targetOf({ tenantId }, 1, [['2026-11-23', '1']]);
    await world.decide(target);
    const [change, ...more] = world.released(id);
    expect(more).toEqual([]);
    expect(change).toMatchObject({
      tenantId,
      version: 1,
      account: { billingIdentifier: '7' },
      product: { ref: '42', sku: 'E3' },
      parts: [{ lineKey: target.lineKey, targetVersion: 1, quantity: '1' }],
      writesFrom: '2026-11-01',
      prorate: false,
    });
    expect(levels(change!.steps)).toEqual(['2026-11-01 1']);
    expect(await deliveryOf(tenantId, target.lineKey)).toMatchObject([{ connectionId: id, state: 'pending' }]);
    expect(await world.underWay(id)).toEqual(['1 agreement lines pending']);
  });

  it('keeps the dates of the steps when the connection prorates', async () => {
    const { id, tenantId } = await world.mappedTenant('auto', { prorate: true });
    await world.decide(
      targetOf({ tenantId }, 1, [
        ['2026-11-10', '1'],
        ['2026-11-23', '3'],
      ]),
    );
    expect(levels(world.released(id)[0]!.steps)).toEqual(['2026-11-01 0', '2026-11-10 1', '2026-11-23 3']);
  });

  it('collapses what lies before the first day of writing into the level there', async () => {
    world.days.liveFrom = '2026-11-20';
    const { id, tenantId } = await world.mappedTenant('auto', { prorate: true });
    await world.decide(
      targetOf({ tenantId }, 1, [
        ['2026-11-10', '1'],
        ['2026-11-23', '3'],
      ]),
    );
    expect(levels(world.released(id)[0]!.steps)).toEqual(['2026-11-20 1', '2026-11-23 3']);
  });

  it('sends a preview and no change while the connection observes', async () => {
    const { id, tenantId } = await world.mappedTenant('observe');
    await world.decide(targetOf({ tenantId }, 1, [['2026-11-23', '1']]));
    expect(world.released(id)).toEqual([]);
    expect(world.released(id, 'previews')).toHaveLength(1);
  });

  it('decides a set once, at its end', async () => {
    const { id, tenantId } = await world.mappedTenant();
    const monthly = targetOf({ tenantId, term: 'P1M' }, 1, [['2026-11-01', '5']], { endOfSet: false });
    await world.decide(monthly);
    expect(world.released(id)).toEqual([]);
    const yearly = targetOf({ tenantId, term: 'P1Y' }, 1, [['2026-11-01', '3']]);
    await world.decide(yearly);
    expect(world.released(id).map((change) => levels(change.steps))).toEqual([['2026-11-01 8']]);
  });

  it('makes one release of a burst of ten targets', async () => {
    const { id, tenantId } = await world.mappedTenant();
    const targets = Array.from({ length: 10 }, (_, index) =>
      targetOf({ tenantId }, index + 1, [['2026-11-23', String(index + 1)]]),
    );
    await world.decide(...targets);
    const changes = world.released(id);
    expect(changes.length).toBeLessThanOrEqual(2);
    expect(levels(changes.at(-1)!.steps)).toEqual(['2026-11-01 10']);
  });

  it('ignores a target that is older, known already or says nothing new', async () => {
    const { id, tenantId } = await world.mappedTenant();
    await world.decide(targetOf({ tenantId }, 2, [['2026-11-23', '2']]));
    await world.decide(targetOf({ tenantId }, 1, [['2026-11-23', '1']]));
    await world.decide(targetOf({ tenantId }, 2, [['2026-11-23', '2']]));
    await world.decide(targetOf({ tenantId }, 3, [['2026-11-23', '2']], { causeCount: 7 }));
    expect(world.released(id).map((change) => change.version)).toEqual([1]);
  });

  it('raises the version by one with every change', async () => {
    const { id, tenantId } = await world.mappedTenant();
    for (const version of [1, 2, 3]) await world.decide(targetOf({ tenantId }, version, [['2026-11-23', String(version)]]));
    expect(world.released(id).map((change) => [change.version, change.steps[0]!.quantity])).toEqual([
      [1, '1'],
      [2, '2'],
      [3, '3'],
    ]);
  });

  it('sums two customers of one account into one agreement line', async () => {
    const connection = await world.mappedTenant();
    const { id, tenantId } = connection;
    await world.mapCustomer(connection, 'C2');
    await world.decide(
      targetOf({ tenantId }, 1, [['2026-11-23', '4']]),
      targetOf({ tenantId, customerCode: 'C2' }, 1, [['2026-11-23', '3']]),
    );
    expect(levels(world.released(id).at(-1)!.steps)).toEqual(['2026-11-01 7']);
  });

  it('never mixes two tenants', async () => {
    const one = await world.mappedTenant();
    const other = await world.mappedTenant();
    await world.decide(targetOf({ tenantId: one.tenantId }, 1, [['2026-11-23', '4']]));
    expect(world.released(one.id)).toHaveLength(1);
    expect(world.released(other.id)).toEqual([]);
    expect(
      await listAgreementLines(world.database, { tenantId: other.tenantId, connectionId: one.id, reach: 'tenant', limit: 10 }),
    ).toEqual([]);
  });

  it('shows nothing beyond the reach', async () => {
    const { id, tenantId } = await world.mappedTenant();
    const target = targetOf({ tenantId }, 1, [['2026-11-23', '4']]);
    await world.decide(target);
    const reach = { customerCodes: ['C2'] };
    expect((await deliveriesOfLines(world.database, { tenantId, reach, lineKeys: [target.lineKey] })).size).toBe(0);
    expect(await listAgreementLines(world.database, { tenantId, connectionId: id, reach, limit: 10 })).toEqual([]);
  });
});

describe('mappings', () => {
  it('bring all seats of a customer that was mapped after they arrived', async () => {
    const connection = await world.connect(world.newTenant());
    const { id, tenantId } = connection;
    await world.mapProduct(connection);
    const target = targetOf({ tenantId }, 1, [['2026-11-23', '40']]);
    await world.decide(target);
    await world.decide(targetOf({ tenantId }, 2, [['2026-11-23', '41']]));
    expect(await deliveryOf(tenantId, target.lineKey)).toEqual([
      { connectionId: null, agreementLineKey: null, state: 'unmapped', code: 'CUSTOMER_UNMAPPED' },
    ]);
    expect((await logOf(tenantId)).filter((code) => code === 'AT04')).toHaveLength(1);
    await world.mapCustomer(connection);
    await world.settle();
    expect(world.released(id).map((change) => levels(change.steps))).toEqual([['2026-11-01 41']]);
  });

  it('move a line to its new account and lower the old one', async () => {
    const connection = await world.mappedTenant('auto', { prorate: true });
    const { id, tenantId } = connection;
    await world.decide(targetOf({ tenantId }, 1, [['2026-11-01', '4']]));
    await world.mapCustomer(connection, 'C1', '8', '2026-11-20');
    await world.settle();
    const last = Map.groupBy(world.released(id), (change) => change.account.billingIdentifier);
    expect(levels(last.get('7')!.at(-1)!.steps)).toEqual(['2026-11-01 4', '2026-11-20 0']);
    expect(levels(last.get('8')!.at(-1)!.steps)).toEqual(['2026-11-20 4']);
  });

  it('that are deleted leave the PSA as it is', async () => {
    const { id, tenantId } = await world.mappedTenant();
    const target = targetOf({ tenantId }, 1, [['2026-11-23', '4']]);
    await world.decide(target);
    await world.answer(world.released(id)[0]!, 'delivered');
    await world.tx((tx) => deleteCustomerMappings(tx, { tenantId, customerCode: 'C1' }, { today: '2026-11-23' }, world.days.at));
    await world.settle();
    await world.decide(targetOf({ tenantId }, 2, [['2026-11-23', '5']]));
    expect(world.released(id)).toHaveLength(1);
    expect(await deliveryOf(tenantId, target.lineKey)).toMatchObject([{ connectionId: id, state: 'abandoned', delivered: '4' }]);
  });

  it('begin on their day', async () => {
    const connection = await world.connect(world.newTenant(), 'auto', { prorate: true });
    const { id, tenantId } = connection;
    await world.mapProduct(connection);
    await world.mapCustomer(connection, 'C1', '7', '2026-11-24');
    await world.decide(targetOf({ tenantId }, 1, [['2026-11-01', '4']]));
    expect(world.released(id)).toEqual([]);
    world.days.today = '2026-11-24';
    await world.settle();
    expect(world.released(id).map((change) => levels(change.steps))).toEqual([['2026-11-24 4']]);
    expect(await logOf(tenantId)).toEqual(expect.arrayContaining(['AT01', 'AT24']));
    expect((await listRuns(world.database, { tenantId, limit: 10 })).map((run) => [run.localDate, run.state])).toEqual([
      ['2026-11-24', 'running'],
      ['2026-11-23', 'finished'],
    ]);
  });

  it('to two connections hold the line in both', async () => {
    const tenantId = world.newTenant();
    const first = await world.connect(tenantId);
    const second = await world.connect(tenantId);
    await world.mapProduct(first);
    const rows = [first, second].map(({ id }) => ({ connectionId: id, billingIdentifier: '7', validFrom: '2026-01-01' }));
    await world.tx((tx) => putCustomerMappings(tx, { tenantId, customerCode: 'C1' }, rows, world.days.at));
    const target = targetOf({ tenantId }, 1, [['2026-11-23', '4']]);
    await world.decide(target);
    expect(world.released(first.id)).toHaveLength(1);
    await world.tx(async (tx) => {
      const products = [first, second].map(({ id }) => ({ connectionId: id, psaProductRef: '42', validFrom: '2026-01-01' }));
      await putProductMappings(tx, { tenantId, sku: 'E3' }, products, world.days.at);
    });
    await world.settle();
    expect(await deliveryOf(tenantId, target.lineKey)).toMatchObject([
      { state: 'held', code: 'LINE_CLAIMED_TWICE' },
      { state: 'held', code: 'LINE_CLAIMED_TWICE' },
    ]);
    expect(world.released(second.id)).toEqual([]);
    await world.mapCustomer(second);
    await world.settle();
    expect(world.released(second.id)).toHaveLength(1);
    expect(await deliveryOf(tenantId, target.lineKey)).toEqual(
      expect.arrayContaining([expect.objectContaining({ connectionId: first.id, state: 'abandoned' })]),
    );
  });
});

describe('naming the agreement in a mapping', () => {
  const named = (connection: { id: string; tenantId: string }) =>
    world.tx((tx) => {
      const row = { connectionId: connection.id, billingIdentifier: '7', agreementRef: 'A-1', validFrom: '2026-01-01' };
      return putCustomerMappings(tx, { tenantId: connection.tenantId, customerCode: 'C1' }, [row], world.days.at);
    });

  it('helps a line whose agreement could not be found', async () => {
    const connection = await world.mappedTenant();
    await world.decide(targetOf(connection, 1, [['2026-11-23', '4']]));
    await world.answer(world.released(connection.id)[0]!, 'rejected', { code: 'AGREEMENT_AMBIGUOUS' });
    await named(connection);
    await world.settle();
    const change = world.released(connection.id).find(({ agreementRef }) => agreementRef === 'A-1');
    expect(levels(change!.steps)).toEqual(['2026-11-01 4']);
  });

  it('takes no units away from a line that may be on that agreement already', async () => {
    const connection = await world.mappedTenant();
    const target = targetOf(connection, 1, [['2026-11-23', '4']]);
    await world.decide(target);
    const baseline = { steps: [{ from: '2026-11-01', quantity: '0' }], at: world.days.at.toISOString() };
    await world.answer(world.released(connection.id)[0]!, 'delivered', { baseline });
    await named(connection);
    await world.settle();
    expect(world.released(connection.id)).toHaveLength(1);
    expect(await deliveryOf(connection.tenantId, target.lineKey)).toMatchObject([{ state: 'held', code: 'LINE_CLAIMED_TWICE' }]);
    await world.mapCustomer(connection);
    await world.settle();
    expect(world.released(connection.id).map((change) => change.version)).toEqual([1, 2]);
  });
});

describe('epochs', () => {
  it('release again what has no final outcome, and nothing else', async () => {
    const connection = await world.mappedTenant();
    const { id, tenantId } = connection;
    await world.mapProduct(connection, 'E5', '43');
    await world.decide(
      targetOf({ tenantId }, 1, [['2026-11-23', '1']]),
      targetOf({ tenantId, sku: 'E5' }, 1, [['2026-11-23', '2']]),
    );
    const [done, open] = ['E3', 'E5'].map((sku) => world.released(id).find((change) => change.product.sku === sku)!);
    await world.answer(done!, 'delivered');
    await world.answer(open!, 'deferred', { code: 'SETTINGS_STALE' });
    await world.mapCustomer(connection, 'C9');
    await world.settle();
    const again = world.released(id).filter((change) => change.version > 1);
    expect(again.map((change) => [change.product.sku, change.version, change.epoch > open!.epoch])).toEqual([['E5', 2, true]]);
  });

  it('deliver on the step up what was only previewed', async () => {
    const { id, tenantId } = await world.mappedTenant('observe');
    await world.decide(targetOf({ tenantId }, 1, [['2026-11-23', '1']]));
    const set = () => world.tx((tx) => setConnectionMode(tx, tenantId, id, 'auto', world.days.at));
    expect(await set()).toEqual({ refused: 'baseline-unfinished', linesNotSeen: 1 });
    await world.answer(world.released(id, 'previews')[0]!, 'planned', { isPreview: true });
    expect(await set()).toMatchObject({ direction: 'up' });
    await world.settle();
    expect(world.released(id).map((change) => change.version)).toEqual([2]);
  });

  it('leave the lines of a connection that was removed', async () => {
    const { id, tenantId } = await world.mappedTenant();
    const target = targetOf({ tenantId }, 1, [['2026-11-23', '1']]);
    await world.decide(target);
    await world.tx((tx) => removeConnection(tx, tenantId, id, world.days.at));
    await world.settle();
    expect(await deliveryOf(tenantId, target.lineKey)).toMatchObject([{ state: 'abandoned' }]);
    expect(await world.underWay(id)).toEqual([]);
  });
});
