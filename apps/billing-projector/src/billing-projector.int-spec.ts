import { billingSchema } from '@trueup/billing';
import {
  LINE_TARGETS,
  type LineTarget,
  type ProvisioningEvent,
  PROVISIONING_EVENTS,
  toEventRecord,
  TOPICS,
} from '@trueup/contracts';
import { createKafka, doneWith, type KafkaLink, silentLogger } from '@trueup/kafka';
import { openDatabase } from '@trueup/persistence';
import { createLogger, type RunningService, ServiceHealth } from '@trueup/service';
import { startedKafka, startedPostgres } from '@trueup/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProjector } from './start-projector.js';

const RECORDED = '2026-03-05T09:00:01.000Z';

let database: DataSource;
let link: KafkaLink;
let replicas: RunningService[] = [];
const health = new ServiceHealth();
const tenantId = `ten_${Math.random().toString(36).slice(2)}`;
const targets: LineTarget[] = [];

async function started(url: string, brokers: string[], own = new ServiceHealth()): Promise<RunningService> {
  const config = { TRUEUP_KAFKA_BROKERS: brokers, TRUEUP_DATABASE_URL: url, TRUEUP_PROJECTOR_CHUNK: 50 } as never;
  const fail = (reason: string, error?: unknown): void => expect.unreachable(`${reason} ${String(error)}`);
  return startProjector({ name: 'billing-projector', config, logger: createLogger('spec', 'fatal'), health: own, fail });
}

beforeAll(async () => {
  const [{ url }, { brokers }] = await Promise.all([startedPostgres(), startedKafka()]);
  database = await openDatabase({ url, applicationName: 'spec', schemas: [billingSchema] });
  link = createKafka({ brokers, clientId: 'spec', logger: silentLogger });
  await link.ensureTopics(TOPICS);
  replicas = [await started(url, brokers, health), await started(url, brokers)];
  const reader = link.consumer({ groupId: `spec-${tenantId}`, topics: [LINE_TARGETS] });
  await reader.run((batch) => {
    for (const { value } of batch.records) targets.push(JSON.parse(value!.toString()) as LineTarget);
    return Promise.resolve(doneWith(batch));
  });
  replicas.push({ stop: () => reader.stop() });
});

afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.stop()));
  await link.stop();
  await database.destroy();
});

function seat(id: string, customer: string, type = 'user.service.assigned'): ProvisioningEvent {
  const service = type === 'user.service.assigned' ? { serviceName: 'Service', sku: 'SKU' } : {};
  const data = { userCode: id, serviceCode: 's', ...service };
  const event = { specversion: '1.0', id: `${type}-${id}`, source: 'urn:spec', time: '2026-03-05T09:00:00Z', subject: customer };
  return { ...event, type: `trueup.${type}.v1`, data } as unknown as ProvisioningEvent;
}

const keyed = (customer: string) => ({ key: `${tenantId}/${customer}`, partitionBy: `${tenantId}/${customer}` });
const toRecord = (event: ProvisioningEvent) => ({
  ...keyed(event.subject),
  ...toEventRecord({ tenantId, recordedAt: RECORDED, event }),
});

async function untilSettled(): Promise<void> {
  await expect.poll(() => health.underWay(), { timeout: 30_000, interval: 100 }).toEqual([]);
}

const ours = () => targets.filter((target) => target.tenantId === tenantId);
const lastOf = (customer: string) => ours().findLast(({ customerCode }) => customerCode === customer)?.changed.quantity;

describe('billing-projector', () => {
  it('turns events of many customers into targets, whichever replica owns their partitions', async () => {
    const customers = Array.from({ length: 30 }, (_, index) => `C${index}`);
    const events = customers.flatMap((customer) => ['a', 'b', 'c'].map((user) => seat(`${customer}-${user}`, customer)));
    const publisher = link.publisher();
    await publisher.publish(PROVISIONING_EVENTS, [...events, ...events].map(toRecord));
    await publisher.stop();
    await untilSettled();
    await expect.poll(() => customers.map(lastOf), { timeout: 10_000 }).toEqual(customers.map(() => '3'));
    const [stored] = await database.query('select count(*)::int as events from billing.event where tenant_id = $1', [tenantId]);
    expect(stored).toEqual({ events: 90 });
  });

  it('sets bad records aside and lets their neighbours flow', async () => {
    const publisher = link.publisher();
    const bad = { ...toRecord(seat('bad', 'CX')), value: '{"userCode":' };
    const impossible = toRecord({ ...seat('old', 'CX'), time: '0000-01-01T00:00:00Z' });
    await publisher.publish(PROVISIONING_EVENTS, [
      toRecord(seat('x', 'CX')),
      bad,
      { ...keyed('CX'), value: null },
      impossible,
      toRecord(seat('y', 'CX')),
    ]);
    await publisher.stop();
    await untilSettled();
    await expect.poll(() => lastOf('CX'), { timeout: 10_000 }).toBe('2');
    const reasons = await database.query(`select reason from billing.quarantine where record_key = $1 order by id`, [
      `${tenantId}/CX`,
    ]);
    expect(reasons).toEqual(expect.arrayContaining([{ reason: 'invalid' }, { reason: 'invalid' }, { reason: 'not-applicable' }]));
  });

  it('says what it has under way, and that it is alive and ready', async () => {
    await untilSettled();
    expect([await health.problemsOfLife(), await health.problemsOfReadiness()]).toEqual([{}, {}]);
  });
});
