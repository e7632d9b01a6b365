import type { OutcomeKind, QuantityChange } from '@trueup/contracts';
import { type StoredConnection, deleteCustomerMappings, explainAgreementLine, setConnectionMode } from '@trueup/control';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlWorld } from './control-world.model.js';
import { levels, targetOf } from './target.model.js';

let world: ControlWorld;
beforeAll(async () => {
  world = await ControlWorld.started();
});
afterAll(() => world.stop());

const of = ({ id }: StoredConnection, account: string): QuantityChange[] =>
  world.released(id).filter((change) => change.account.billingIdentifier === account);
const newest = (connection: StoredConnection, account: string) => of(connection, account).at(-1)!;
const lineKeyOf = (connection: StoredConnection) => newest(connection, '7').parts[0]!.lineKey;
const stateOf = async (connection: StoredConnection) => (await world.deliveryOf(connection.tenantId, lineKeyOf(connection)))![0];

/** C1 has four units in account 7, delivered, and is mapped to account 8 from the 20th on. */
async function moved(settings: object = { prorate: true }): Promise<StoredConnection> {
  const connection = await world.mappedTenant('auto', settings);
  await world.decide(targetOf(connection, 1, [['2026-11-01', '4']]));
  await world.answer(newest(connection, '7'), 'delivered');
  await world.mapCustomer(connection, 'C1', '8', '2026-11-20');
  await world.settle();
  return connection;
}

describe('a line that is mapped to another account', () => {
  it('is lowered first, and raised once that is confirmed', async () => {
    const connection = await moved();
    const lowering = newest(connection, '7');
    expect(levels(lowering.steps)).toEqual(['2026-11-01 4', '2026-11-20 0']);
    expect(of(connection, '8')).toEqual([]);
    expect(await stateOf(connection)).toMatchObject({ state: 'pending' });
    await world.answer(lowering, 'unsettled', { code: 'OUTCOME_UNSETTLED' });
    expect(of(connection, '8')).toEqual([]);
    await world.answer(lowering, 'zeroed', { attempt: 2 });
    const raise = newest(connection, '8');
    expect(levels(raise.steps)).toEqual(['2026-11-20 4']);
    expect(raise.remap).toEqual(lowering.remap);
    expect(raise.remap).toMatchObject({ from: { billingIdentifier: '7' }, to: { billingIdentifier: '8' } });
    const { id, tenantId } = connection;
    for (const { agreementLineKey } of [lowering, raise]) {
      const ref = { tenantId, connectionId: id, agreementLineKey, reach: 'tenant' as const };
      const { remapId } = raise.remap!;
      const told = { remapId, from: { billingIdentifier: '7' }, to: { billingIdentifier: '8' }, movedFrom: '2026-11-20' };
      expect((await explainAgreementLine(world.database, ref))!.remaps).toMatchObject([{ ...told, takenOn: '2026-11-20' }]);
    }
  });

  it('is raised on the day that the lowering took', async () => {
    const connection = await moved();
    const write = { writeKey: 'tu.2.1', effectiveDate: '2026-11-23', before: '4', after: '0' };
    await world.answer(newest(connection, '7'), 'zeroed', { writes: [write] });
    expect(levels(newest(connection, '8').steps)).toEqual(['2026-11-20 0', '2026-11-23 4']);
  });

  it.each([
    ['held', 'held', 'DRIFT_DETECTED'],
    ['rejected', 'rejected', 'LINE_UPDATE_FAILED'],
    ['manual', 'manual', 'CAPABILITY_MISSING'],
  ] as const)('waits like its lowering while that is %s', async (kind: OutcomeKind, state, code) => {
    const connection = await moved();
    await world.answer(newest(connection, '7'), kind, { code });
    expect(of(connection, '8')).toEqual([]);
    expect(await stateOf(connection)).toMatchObject({ state, code });
    await world.answer(newest(connection, '7'), 'delivered', { attempt: 2 });
    expect(levels(newest(connection, '8').steps)).toEqual(['2026-11-20 4']);
  });

  it('moves for the whole period when the connection does not prorate', async () => {
    const connection = await moved({});
    expect(levels(newest(connection, '7').steps)).toEqual(['2026-11-01 0']);
    await world.answer(newest(connection, '7'), 'zeroed');
    expect(levels(newest(connection, '8').steps)).toEqual(['2026-11-01 4']);
  });

  it('keeps following its rows while it waits', async () => {
    const connection = await moved();
    await world.decide(
      targetOf(connection, 2, [
        ['2026-11-01', '4'],
        ['2026-11-22', '6'],
      ]),
    );
    expect(of(connection, '8')).toEqual([]);
    await world.answer(newest(connection, '7'), 'zeroed');
    expect(levels(newest(connection, '8').steps)).toEqual(['2026-11-20 4', '2026-11-22 6']);
  });

  it('joins what the new account holds already, whose own changes do not wait', async () => {
    const connection = await world.mappedTenant('auto', { prorate: true });
    await world.mapCustomer(connection, 'C2', '8');
    const ofC2 = (version: number, quantity: string) =>
      targetOf({ ...connection, customerCode: 'C2' }, version, [['2026-11-01', quantity]]);
    await world.decide(targetOf(connection, 1, [['2026-11-01', '4']]), ofC2(1, '10'));
    for (const change of world.released(connection.id)) await world.answer(change, 'delivered');
    await world.mapCustomer(connection, 'C1', '8', '2026-11-20');
    await world.settle();
    await world.decide(ofC2(2, '11'));
    expect(newest(connection, '8').steps.at(-1)).toMatchObject({ quantity: '11' });
    await world.answer(newest(connection, '7'), 'zeroed');
    expect(levels(newest(connection, '8').steps)).toEqual(['2026-11-01 11', '2026-11-20 15']);
  });

  it('is released though it brings back just what was released here before for somebody else', async () => {
    const connection = await world.mappedTenant('auto', { prorate: false });
    const { tenantId } = connection;
    const today = { today: '2026-11-23' };
    await world.mapCustomer(connection, 'C2', '8');
    await world.settle();
    await world.decide(targetOf(connection, 1, [['2026-11-01', '2']]));
    await world.decide(targetOf({ tenantId, customerCode: 'C2' }, 1, [['2026-11-01', '2']]));
    const before = of(connection, '8').length;
    await world.tx((tx) => deleteCustomerMappings(tx, { tenantId, customerCode: 'C2' }, today, world.days.at));
    await world.settle();
    await world.mapCustomer(connection, 'C1', '8', '2026-11-01');
    await world.settle();
    await world.answer(newest(connection, '7'), 'unchanged', { code: 'LINE_UNCHANGED' });
    expect(of(connection, '8').length).toBeGreaterThan(before);
    expect(levels(newest(connection, '8').steps)).toEqual(['2026-11-01 2']);
  });

  it('can go back, and keeps the days that it was there before', async () => {
    const connection = await moved();
    await world.answer(newest(connection, '7'), 'zeroed');
    await world.answer(newest(connection, '8'), 'delivered');
    await world.mapCustomer(connection, 'C1', '7', '2026-11-22');
    await world.settle();
    expect(levels(newest(connection, '8').steps)).toEqual(['2026-11-20 4', '2026-11-22 0']);
    expect(levels(newest(connection, '7').steps)).toEqual(['2026-11-01 4', '2026-11-20 0']);
    await world.answer(newest(connection, '8'), 'zeroed');
    expect(levels(newest(connection, '7').steps)).toEqual(['2026-11-01 4', '2026-11-20 0', '2026-11-22 4']);
  });

  it('is shown at both ends while the connection observes, and keeps the order after a step up', async () => {
    const connection = await world.mappedTenant('observe', { prorate: true });
    const { id, tenantId } = connection;
    await world.decide(targetOf(connection, 1, [['2026-11-01', '4']]));
    await world.mapCustomer(connection, 'C1', '8', '2026-11-20');
    await world.settle();
    const previews = world.released(id, 'previews');
    expect(
      previews.at(-1)!.account.billingIdentifier === '8' || previews.some((one) => one.account.billingIdentifier === '8'),
    ).toBe(true);
    for (const preview of previews) await world.answer(preview, 'planned', { isPreview: true });
    await world.tx((tx) => setConnectionMode(tx, tenantId, id, 'auto', world.days.at));
    await world.settle();
    expect(world.released(id).map((change) => change.account.billingIdentifier)).toEqual(['7']);
    await world.answer(newest(connection, '7'), 'zeroed');
    expect(levels(newest(connection, '8').steps)).toEqual(['2026-11-20 4']);
  });
});
