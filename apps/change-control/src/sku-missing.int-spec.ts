import { projectEvents, toEventRow } from '@trueup/billing';
import type { ProvisioningEvent } from '@trueup/contracts';
import { type StoredConnection, listRuns, readRunLog, startRun } from '@trueup/control';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlWorld } from './control-world.model.js';
import { targetOf } from './target.model.js';

let world: ControlWorld;
beforeAll(async () => {
  world = await ControlWorld.started();
});
afterAll(() => world.stop());

let events = 0;

/** A seat of a service that only a sku of its event prices. */
async function assign(tenantId: string, customerCode: string, userCode: string, service: object): Promise<void> {
  const event = {
    ...{ specversion: '1.0', id: `e${++events}`, source: 'urn:spec', time: '2026-11-02T09:00:00Z', subject: customerCode },
    ...{ type: 'trueup.user.service.assigned.v1', data: { userCode, ...service } },
  } as unknown as ProvisioningEvent;
  const origin = { topic: 'provisioning.events.v1', partition: 0, offset: BigInt(events), key: null, headers: {} };
  const row = toEventRow({ tenantId, event, recordedAt: world.days.at.toISOString() }, { ...origin, value: Buffer.from('{}') });
  await world.tx((tx) => projectEvents(tx, [row], world.days.at));
}

const MAIL = { serviceCode: 'mail', serviceName: 'Mail', planCode: 'p1', planName: 'Plan 1' };
const CHAT = { serviceCode: 'chat', serviceName: 'Chat' };

/** Two seats of C1 and one of C2 without a sku, and one of C1 that has one. */
async function withGaps(tenantId: string): Promise<void> {
  await assign(tenantId, 'C1', 'ada', MAIL);
  await assign(tenantId, 'C1', 'bob', MAIL);
  await assign(tenantId, 'C1', 'bob', { serviceCode: 'voice', serviceName: 'Voice', sku: 'E3' });
  await assign(tenantId, 'C2', 'cyd', CHAT);
}

const gapsOf = ({ tenantId }: StoredConnection, runId: string, code = 'SKU_MISSING') =>
  readRunLog(world.database, { tenantId, runId, reach: 'tenant', code, limit: 100 });

async function dayRuns({ id, tenantId }: StoredConnection): Promise<string[]> {
  const runs = await listRuns(world.database, { tenantId, connectionId: id, limit: 100 });
  return runs.filter(({ kind }) => kind === 'continuous').map(({ id }) => id);
}

describe('what has no sku', () => {
  it('is told once in the run of a day, by customer, service and plan', async () => {
    const tenantId = world.newTenant();
    await withGaps(tenantId);
    const connection = await world.connect(tenantId);
    await world.settle();
    await world.decide(targetOf(connection, 1, [['2026-11-01', '4']]));
    const [runId, ...others] = await dayRuns(connection);
    expect(others).toEqual([]);
    const gaps = await gapsOf(connection, runId!, 'AT07');
    expect(gaps).toMatchObject([
      { level: 'Warning', code: 'SKU_MISSING', owner: 'finance', customerCode: 'C1', details: { planCode: 'p1', count: 2 } },
      { level: 'Warning', code: 'SKU_MISSING', owner: 'finance', customerCode: 'C2', details: { serviceCode: 'chat', count: 1 } },
    ]);
    expect(gaps.map(({ message }) => message)).toEqual([
      'Service Mail (mail), plan p1, of customer C1 has no sku: 2 rows are billed nowhere',
      'Service Chat (chat) of customer C2 has no sku: 1 row is billed nowhere',
    ]);
    expect(gaps[0]!.remedy).toBe('Give the service a sku in the catalogue, or exclude it by a rule');
  });

  it('is told to the run of a connection that came during the day', async () => {
    const { tenantId } = await world.mappedTenant();
    await assign(tenantId, 'C1', 'ada', CHAT);
    const second = await world.connect(tenantId);
    await world.mapCustomer(second);
    await world.mapProduct(second);
    await world.decide(targetOf(second, 1, [['2026-11-01', '4']]));
    expect(await dayRuns(second)).toEqual([]);
    await world.answer(world.released(second.id)[0]!, 'delivered');
    const [runId] = await dayRuns(second);
    expect(await gapsOf(second, runId!)).toMatchObject([{ customerCode: 'C1' }]);
  });

  it('is told to a manual run, for its customers', async () => {
    const connection = await world.mappedTenant();
    await withGaps(connection.tenantId);
    const request = { connectionId: connection.id, customerCodes: ['C2'], actor: {}, now: world.days.at };
    const runId = await world.tx((tx) => startRun(tx, connection.tenantId, request));
    await world.settle();
    const log = await readRunLog(world.database, { tenantId: connection.tenantId, runId: runId!, reach: 'tenant', limit: 10 });
    expect(log.map(({ code, customerCode }) => [code, customerCode])).toEqual([
      ['RUN_STARTED', undefined],
      ['SKU_MISSING', 'C2'],
      ['RUN_FINISHED', undefined],
    ]);
  });
});
