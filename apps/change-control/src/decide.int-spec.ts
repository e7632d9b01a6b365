import type { Reach } from '@trueup/contracts';
import {
  deliveriesOfLines,
  explainAgreementLine,
  listAgreementLines,
  removeConnection,
  setConnectionMode,
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
  world.days.liveFrom = '2026-11-01';
});

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
    expect(await world.deliveryOf(tenantId, target.lineKey)).toMatchObject([{ connectionId: id, state: 'pending' }]);
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

  it.each([
    ['active', '3'],
    ['present', '9'],
    ['peak', '7'],
  ] as const)('counts units as %s where the connection says so, and shows it', async (counting, quantity) => {
    const { id, tenantId } = await world.mappedTenant('auto', { counting });
    const target = targetOf({ tenantId }, 1, [['2026-11-23', '3']]);
    await world.decide({ ...target, periods: target.periods.map((period) => ({ ...period, present: '9', peak: '7' })) });
    const [change] = world.released(id);
    expect(levels(change!.steps)).toEqual([`2026-11-01 ${quantity}`]);
    const ref = { tenantId, connectionId: id, agreementLineKey: change!.agreementLineKey, reach: 'tenant' as const };
    expect(await explainAgreementLine(world.database, ref)).toMatchObject({ counting, quantity, parts: [{ quantity }] });
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

  it("sums a reseller's customers under the reseller's own mapping and shows them to it", async () => {
    const connection = await world.connect(world.newTenant());
    const { id, tenantId } = connection;
    await world.mapProduct(connection);
    await world.mapCustomer(connection, 'R1', '99');
    const payers = [{ from: '0001-01-01', billedBy: 'reseller' as const, resellerCode: 'R1' }];
    const targets = ['C1', 'C2'].map((customerCode) =>
      targetOf({ tenantId, customerCode }, 1, [['2026-11-23', '2']], { payers }),
    );
    await world.decide(...targets);
    const change = world.released(id).at(-1)!;
    expect([change.account.billingIdentifier, levels(change.steps)]).toEqual(['99', ['2026-11-01 4']]);
    const seen = (reach: Reach) => listAgreementLines(world.database, { tenantId, connectionId: id, reach, limit: 10 });
    expect(await seen({ resellerCode: 'R1' })).toHaveLength(1);
    expect(await seen({ resellerCode: 'R2' })).toEqual([]);
    // A sum with somebody else's customer in it is not for a reader of one customer.
    expect(await seen({ customerCodes: ['C1'] })).toEqual([]);
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
    expect(await world.deliveryOf(tenantId, target.lineKey)).toMatchObject([{ state: 'abandoned' }]);
    expect(await world.underWay(id)).toEqual([]);
  });
});
