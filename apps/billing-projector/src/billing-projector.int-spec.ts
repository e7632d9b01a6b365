import { BillingQueries, billingSchema } from '@trueup/billing';
import {
  LINE_TARGETS,
  type LineTarget,
  type ProvisioningEvent,
  PROVISIONING_EVENTS,
  toEventRecord,
  TOPICS,
} from '@trueup/contracts';
import { createKafka, doneWith, type KafkaLink, type LogConsumer, silentLogger } from '@trueup/kafka';
import { openDatabase } from '@trueup/persistence';
import { AdminServer, clock, createLogger, type RunningService, ServiceHealth } from '@trueup/service';
import { startedKafka, startedPostgres } from '@trueup/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProjector } from './start-projector.js';

const RECORDED = '2026-03-05T09:00:01.000Z';

let database: DataSource;
let link: KafkaLink;
let start: () => Promise<RunningService>;
let replicas: RunningService[] = [];
let reader: LogConsumer;
// Of the replica started last.
let health: ServiceHealth;
const tenantId = `ten_${Math.random().toString(36).slice(2)}`;
const targets: LineTarget[] = [];

beforeAll(async () => {
  const [{ url }, { brokers }] = await Promise.all([startedPostgres(), startedKafka()]);
  database = await openDatabase({ url, applicationName: 'spec', schemas: [billingSchema] });
  link = createKafka({ brokers, clientId: 'spec', logger: silentLogger });
  await link.ensureTopics(TOPICS);
  const config = { TRUEUP_KAFKA_BROKERS: brokers, TRUEUP_DATABASE_URL: url, TRUEUP_PROJECTOR_CHUNK: 50 } as never;
  const fail = (reason: string, error?: unknown): void => expect.unreachable(`${reason} ${String(error)}`);
  start = () => {
    health = new ServiceHealth();
    return startProjector({ name: 'billing-projector', config, logger: createLogger('spec', 'fatal'), health, fail });
  };
  replicas = [await start(), await start()];
  reader = link.consumer({ groupId: `spec-${tenantId}`, topics: [LINE_TARGETS] });
  await reader.run((batch) => {
    for (const { value } of batch.records) targets.push(JSON.parse(value!.toString()) as LineTarget);
    return Promise.resolve(doneWith(batch));
  });
});

async function stopReplicas(): Promise<void> {
  await Promise.all(replicas.splice(0).map((replica) => replica.stop()));
}

afterAll(async () => {
  clock.moveTo(0);
  await stopReplicas();
  await reader.stop();
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

describe('/metrics', () => {
  const LINE = /^(# (HELP|TYPE) [a-z0-9_]+ .+|[a-z0-9_]+(\{([a-z_]+="[^"]*",?)+\})? (-?[0-9.e+-]+|\+Inf|NaN))$/;
  const DOCUMENTED = [
    'trueup_kafka_lag_messages',
    'trueup_kafka_lag_seconds',
    'trueup_kafka_joins',
    'trueup_kafka_records_total',
    'trueup_kafka_batch_seconds_bucket',
    'trueup_database_pool_connections',
    'trueup_outbox_rows',
    'trueup_outbox_oldest_seconds',
    'trueup_commands_rows',
    'trueup_commands_oldest_seconds',
    'trueup_quarantine_records',
    'nodejs_eventloop_lag_seconds',
  ];

  it('has a value for everything that the operations guide names, in the text form of Prometheus', async () => {
    const admin = new AdminServer({ host: '127.0.0.1', port: 0, health, isClockMovable: false });
    const answer = await fetch(`http://127.0.0.1:${await admin.start()}/metrics`);
    const lines = (await answer.text()).split('\n').filter((line) => line !== '');
    await admin.stop();
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(lines.filter((line) => !LINE.test(line))).toEqual([]);
    expect(
      DOCUMENTED.filter((name) => !lines.some((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))),
    ).toEqual([]);
    expect(lines).toContainEqual(
      expect.stringMatching(/^trueup_kafka_records_total\{topic="provisioning.events.v1",result="done"\} [1-9]/),
    );
  });
});

describe('the end of a period', () => {
  // So many hours into the month that begins so many months from now.
  const inMonth = (months: number, hours: number): Date => {
    const now = new Date();
    return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 1, 0, Math.round(hours * 60)));
  };
  const moveTo = (instant: Date) => clock.moveTo(instant.getTime() - Date.now());
  const queries = () => new BillingQueries(database, () => clock.now());
  const previous = () => queries().period(tenantId, 'previous');

  async function publish(users: readonly string[]): Promise<void> {
    const publisher = link.publisher();
    const time = new Date(inMonth(0, 0).getTime() + 60_000).toISOString();
    const events = users.map((user) => ({ ...seat(user, `P${user.slice(-1)}`), time }));
    await publisher.publish(PROVISIONING_EVENTS, events.map(toRecord));
    await publisher.stop();
  }
  const users = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

  it('waits for what the log holds although nobody reads it yet, then freezes it all, whichever replica does what', async () => {
    await publish(users('early', 30));
    await untilSettled();
    await stopReplicas();
    await publish(users('waiting', 300));
    moveTo(inMonth(1, 2));
    replicas = await Promise.all([start(), start(), start()]);
    await expect.poll(async () => (await previous())?.state, { timeout: 40_000 }).toBe('closed');
    const items = await queries().items(tenantId, 'tenant', 'previous', { action: 'added' }, { limit: 500 });
    expect(items!.data).toHaveLength(330);
    const [snapshot] = (await queries().snapshots(tenantId, 'previous'))!;
    expect(snapshot!.itemCount).toBeGreaterThanOrEqual(330);
  });

  it('is settled while only the grace is waited for', async () => {
    moveTo(inMonth(2, 0.2));
    await untilSettled();
    expect((await previous())?.state).toBe('closing');
    moveTo(inMonth(2, 1.1));
    await untilSettled();
    expect((await previous())?.state).toBe('closed');
  });
});
