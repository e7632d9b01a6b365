import { BillingQueries, billingSchema } from '@trueup/billing';
import { PROVISIONING_EVENTS, type ProvisioningEvent, toEventRecord, TOPICS } from '@trueup/contracts';
import { createKafka, type KafkaLink, silentLogger } from '@trueup/kafka';
import { openDatabase } from '@trueup/persistence';
import { clock, createLogger, type RunningService, ServiceHealth } from '@trueup/service';
import { startedKafka, startedPostgres } from '@trueup/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProjector } from './start-projector.js';

let database: DataSource;
let link: KafkaLink;
let start: () => Promise<RunningService>;
let replicas: RunningService[] = [];
let health = new ServiceHealth();
const tenantId = `ten_${Math.random().toString(36).slice(2)}`;
const month = (offset: number): Date => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1));
};

beforeAll(async () => {
  const [{ url }, { brokers }] = await Promise.all([startedPostgres(), startedKafka()]);
  database = await openDatabase({ url, applicationName: 'spec', schemas: [billingSchema] });
  link = createKafka({ brokers, clientId: 'spec', logger: silentLogger });
  await link.ensureTopics(TOPICS);
  const config = { TRUEUP_KAFKA_BROKERS: brokers, TRUEUP_DATABASE_URL: url, TRUEUP_PROJECTOR_CHUNK: 20 } as never;
  const fail = (reason: string, error?: unknown): void => expect.unreachable(`${reason} ${String(error)}`);
  start = () => {
    health = new ServiceHealth();
    return startProjector({ name: 'billing-projector', config, logger: createLogger('spec', 'fatal'), health, fail });
  };
});

afterAll(async () => {
  clock.moveTo(0);
  await Promise.all(replicas.map((replica) => replica.stop()));
  await link.stop();
  await database.destroy();
});

async function publish(users: readonly string[]): Promise<void> {
  const publisher = link.publisher();
  const records = users.map((userCode) => {
    const key = `${tenantId}/C${userCode.slice(-1)}`;
    const data = { userCode, serviceCode: 's', serviceName: 'Service', sku: 'SKU' };
    const time = new Date(month(0).getTime() + 60_000).toISOString();
    const event = { specversion: '1.0', id: userCode, source: 'urn:spec', time, subject: `C${userCode.slice(-1)}`, data };
    const typed = { ...event, type: 'trueup.user.service.assigned.v1' } as unknown as ProvisioningEvent;
    return { key, partitionBy: key, ...toEventRecord({ tenantId, recordedAt: time, event: typed }) };
  });
  await publisher.publish(PROVISIONING_EVENTS, records);
  await publisher.stop();
}

const users = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
async function untilSettled(): Promise<void> {
  await expect.poll(() => health.underWay(), { timeout: 40_000, interval: 100 }).toEqual([]);
}

describe('the end of a period', () => {
  it('waits for what the log holds although nobody reads it yet, then freezes it all, whichever replica does what', async () => {
    replicas = [await start(), await start()];
    await publish(users('early', 30));
    await untilSettled();
    await Promise.all(replicas.map((replica) => replica.stop()));
    replicas = [];
    await publish(users('waiting', 300));
    clock.moveTo(month(1).getTime() + 2 * 3_600_000 - Date.now());
    replicas = await Promise.all([start(), start(), start()]);
    const queries = new BillingQueries(database, () => clock.now());
    await expect.poll(async () => (await queries.period(tenantId, 'previous'))?.state, { timeout: 40_000 }).toBe('closed');
    const items = await queries.items(tenantId, 'tenant', 'previous', {}, { limit: 500 });
    expect(items!.data).toHaveLength(330);
    const [snapshot] = (await queries.snapshots(tenantId, 'previous'))!;
    expect(snapshot).toMatchObject({ version: 1, itemCount: 330 });
  });

  it('is settled while only the grace is waited for', async () => {
    clock.moveTo(month(2).getTime() + 10 * 60_000 - Date.now());
    const queries = new BillingQueries(database, () => clock.now());
    await untilSettled();
    expect((await queries.period(tenantId, 'previous'))?.state).toBe('closing');
    clock.moveTo(month(2).getTime() + 61 * 60_000 - Date.now());
    await untilSettled();
    expect((await queries.period(tenantId, 'previous'))?.state).toBe('closed');
  });
});
