import {
  deleteCustomerMappings,
  deleteProductMappings,
  listRuns,
  putCustomerMappings,
  putProductMappings,
  zeroConnection,
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

describe('mappings', () => {
  it('bring all seats of a customer that was mapped after they arrived', async () => {
    const connection = await world.connect(world.newTenant());
    const { id, tenantId } = connection;
    await world.mapProduct(connection);
    const target = targetOf({ tenantId }, 1, [['2026-11-23', '40']]);
    await world.decide(target);
    await world.decide(targetOf({ tenantId }, 2, [['2026-11-23', '41']]));
    expect(await world.deliveryOf(tenantId, target.lineKey)).toEqual([
      { connectionId: null, agreementLineKey: null, state: 'unmapped', code: 'CUSTOMER_UNMAPPED' },
    ]);
    expect((await world.aliasesOf(tenantId)).filter((code) => code === 'AT04')).toHaveLength(1);
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
    const lowering = world.released(id).at(-1)!;
    await world.answer(lowering, 'zeroed');
    const last = Map.groupBy(world.released(id), (change) => change.account.billingIdentifier);
    expect(levels(last.get('7')!.at(-1)!.steps)).toEqual(['2026-11-01 4', '2026-11-20 0']);
    expect(levels(last.get('8')!.at(-1)!.steps)).toEqual(['2026-11-20 4']);
  });

  it('that are deleted leave out what was never written, where another customer shares the line', async () => {
    const connection = await world.mappedTenant();
    const { id, tenantId } = connection;
    await world.mapCustomer(connection, 'C2', '7');
    await world.settle();
    await world.decide(targetOf({ tenantId }, 1, [['2026-11-01', '3']]));
    await world.answer(world.released(id).at(-1)!, 'delivered');
    await world.decide(targetOf({ tenantId }, 2, [['2026-11-01', '5']]));
    await world.tx((tx) => deleteCustomerMappings(tx, { tenantId, customerCode: 'C1' }, { today: '2026-11-23' }, world.days.at));
    await world.settle();
    await world.decide(targetOf({ tenantId, customerCode: 'C2' }, 1, [['2026-11-01', '4']]));
    // Three of the first customer's five seats were written, four of the second's are to come.
    expect(levels(world.released(id).at(-1)!.steps)).toEqual(['2026-11-01 7']);
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
    expect(await world.deliveryOf(tenantId, target.lineKey)).toMatchObject([
      { connectionId: id, state: 'abandoned', delivered: '4' },
    ]);
  });

  it.each(['customer', 'product'] as const)(
    'of a %s that are deleted with their units take them out of the PSA',
    async (what) => {
      const connection = await world.mappedTenant('auto', { prorate: true });
      const { id, tenantId } = connection;
      await world.decide(targetOf({ tenantId }, 1, [['2026-11-01', '4']]));
      await world.answer(world.released(id)[0]!, 'delivered');
      const end = { today: '2026-11-23', onRemove: 'zero' } as const;
      await world.tx((tx) =>
        what === 'customer'
          ? deleteCustomerMappings(tx, { tenantId, customerCode: 'C1' }, end, world.days.at)
          : deleteProductMappings(tx, { tenantId, sku: 'E3' }, end, world.days.at),
      );
      await world.settle();
      expect(levels(world.released(id).at(-1)!.steps)).toEqual(['2026-11-01 4', '2026-11-23 0']);
      await world.decide(targetOf({ tenantId }, 2, [['2026-11-01', '6']]));
      expect(world.released(id).at(-1)!.steps.at(-1)).toMatchObject({ quantity: '0' });
      await world.mapCustomer(connection, 'C1', '7', '2026-11-24');
      const again = [{ connectionId: id, psaProductRef: '42', validFrom: '2026-11-24' }];
      await world.tx((tx) => putProductMappings(tx, { tenantId, sku: 'E3' }, again, world.days.at));
      world.days.today = '2026-11-24';
      await world.settle();
      expect(world.released(id).at(-1)!.steps.at(-1)).toMatchObject({ quantity: '6' });
    },
  );

  it('end with their connection, once every line is at zero', async () => {
    const connection = await world.mappedTenant('auto', { prorate: true });
    const { id, tenantId } = connection;
    await world.mapCustomer(connection, 'C2', '8');
    await world.settle();
    await world.decide(
      targetOf({ tenantId }, 1, [['2026-11-01', '4']]),
      targetOf({ tenantId, customerCode: 'C2' }, 1, [['2026-11-01', '3']]),
    );
    for (const change of world.released(id)) await world.answer(change, 'delivered');
    const toZero = async () => {
      const left = await world.tx((tx) => zeroConnection(tx, tenantId, id, { today: '2026-11-23', at: world.days.at }));
      await world.settle();
      return left?.linesLeft;
    };
    expect(await toZero()).toBe(2);
    const lowerings = world.released(id).slice(2);
    expect(lowerings.map(({ steps }) => steps.at(-1)!.quantity)).toEqual(['0', '0']);
    await world.answer(lowerings[0]!, 'zeroed');
    expect(await toZero()).toBe(1);
    await world.answer(lowerings[1]!, 'zeroed');
    expect(await toZero()).toBe(0);
    expect(world.released(id)).toHaveLength(4);
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
    expect(await world.aliasesOf(tenantId)).toEqual(expect.arrayContaining(['AT01', 'AT24']));
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
    expect(await world.deliveryOf(tenantId, target.lineKey)).toMatchObject([
      { state: 'held', code: 'LINE_CLAIMED_TWICE' },
      { state: 'held', code: 'LINE_CLAIMED_TWICE' },
    ]);
    expect(world.released(second.id)).toEqual([]);
    await world.mapCustomer(second);
    await world.settle();
    expect(world.released(second.id)).toHaveLength(1);
    expect(await world.deliveryOf(tenantId, target.lineKey)).toEqual(
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
    expect(await world.deliveryOf(connection.tenantId, target.lineKey)).toMatchObject([
      { state: 'held', code: 'LINE_CLAIMED_TWICE' },
    ]);
    await world.mapCustomer(connection);
    await world.settle();
    expect(world.released(connection.id).map((change) => change.version)).toEqual([1, 2]);
  });
});
