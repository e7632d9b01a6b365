import { billingSchema } from '@trueup/billing';
import { type ProvisioningEvent, PROVISIONING_EVENTS, toEventRecord } from '@trueup/contracts';
import { type LogRecord, type RecordBatch, silentLogger } from '@trueup/kafka';
import { openDatabase, readWatermarks } from '@trueup/persistence';
import { startedPostgres } from '@trueup/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventProjector } from './event-projector.js';
import { PROJECTOR_GROUP } from './project-records.js';

const NOW = new Date('2026-03-20T12:00:00Z');

let database: DataSource;
let url: string;
let partition = 0;

beforeAll(async () => {
  ({ url } = await startedPostgres());
  database = await openDatabase({ url, applicationName: 'spec', schemas: [billingSchema] });
});
afterAll(() => database.destroy());

const projector = (of: DataSource = database) =>
  new EventProjector({ database: of, now: () => NOW, logger: silentLogger, onSent: () => undefined });

function recordOf(offset: number, tenantId: string, more: Partial<ProvisioningEvent> = {}): LogRecord {
  const event = {
    ...{ specversion: '1.0', id: `e${offset}`, source: 'urn:spec', time: '2026-03-05T09:00:00Z', subject: `C${offset % 7}` },
    ...{
      type: 'trueup.user.service.assigned.v1',
      data: { userCode: `u${offset}`, serviceCode: 's', serviceName: 'S', sku: 'SKU' },
    },
    ...more,
  } as ProvisioningEvent;
  const { value, headers } = toEventRecord({ tenantId, recordedAt: NOW.toISOString(), event });
  return { offset: BigInt(offset), key: `${tenantId}/${event.subject}`, value: Buffer.from(value), headers, timestamp: NOW };
}

function batchOf(tenantId: string, first: number, last: number, more?: Record<number, Partial<ProvisioningEvent>>): RecordBatch {
  const offsets = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return { topic: PROVISIONING_EVENTS, partition, records: offsets.map((offset) => recordOf(offset, tenantId, more?.[offset])) };
}

const eventsOf = async (tenantId: string) =>
  (await database.query<{ n: number }[]>('select count(*)::int as n from billing.event where tenant_id = $1', [tenantId]))[0]!.n;

const versionsOf = (tenantId: string) =>
  database.query<{ target_version: string; quantity: string }[]>(
    `select target_version, content->'periods'->0->'steps'->-1->>'quantity' as quantity from billing.line_target
     where tenant_id = $1 order by customer_code`,
    [tenantId],
  );

describe('EventProjector', () => {
  it('applies a redelivered and overlapping batch once', async () => {
    partition = 1;
    await projector().project(batchOf('ten_again', 0, 9));
    const outcome = await projector().project(batchOf('ten_again', 5, 14));
    await projector().project(batchOf('ten_again', 0, 9));
    expect(outcome).toEqual({ done: 15n });
    expect(await eventsOf('ten_again')).toBe(15);
    expect((await readWatermarks(database, 'billing', PROJECTOR_GROUP, PROVISIONING_EVENTS)).get(1)).toBe(15n);
  });

  it('says how many records the log lost before they were read', async () => {
    partition = 9;
    const told: unknown[] = [];
    const logger = { ...silentLogger, error: (...parts: unknown[]) => void told.push(parts[0]) };
    const listening = new EventProjector({ database, now: () => NOW, logger, onSent: () => undefined });
    await listening.project(batchOf('ten_gap', 3, 5));
    await listening.project(batchOf('ten_gap', 10, 12));
    expect(told).toMatchObject([{ partition: 9, offset: '10', missing: '4' }]);
    expect(await eventsOf('ten_gap')).toBe(6);
  });

  it('lets one of several owners of a partition apply a batch, and sends each line once', async () => {
    partition = 2;
    const batch = batchOf('ten_fence', 0, 13);
    const outcomes = await Promise.all([1, 2, 3].map(() => projector().project(batch)));
    const late = outcomes.filter((outcome) => 'retryAt' in outcome);
    for (const _ of late) expect(await projector().project(batch)).toEqual({ done: 14n });
    expect(await eventsOf('ten_fence')).toBe(14);
    expect(await versionsOf('ten_fence')).toEqual(Array.from({ length: 7 }, () => ({ target_version: '1', quantity: '2' })));
  });

  it('applies batches of several partitions that share customers side by side', async () => {
    const batches = [3, 4, 5, 6].map((number) => {
      partition = number;
      return batchOf('ten_side', number * 100, number * 100 + 69);
    });
    const outcomes = await Promise.all(batches.map((batch) => projector().project(batch)));
    expect(outcomes).toEqual([3, 4, 5, 6].map((number) => ({ done: BigInt(number * 100 + 70) })));
    expect((await versionsOf('ten_side')).map(({ quantity }) => quantity)).toEqual(Array.from({ length: 7 }, () => '40'));
  });

  it('sets a record aside alone when the database refuses it', async () => {
    partition = 7;
    const outcome = await projector().project(batchOf('ten_bad', 0, 20, { 13: { time: '0000-02-01T00:00:00Z' } }));
    const parked = await database.query(`select record_offset, reason from billing.quarantine where tenant_id = 'ten_bad'`);
    expect([outcome, await eventsOf('ten_bad'), parked]).toEqual([
      { done: 21n },
      20,
      [{ record_offset: '13', reason: 'not-applicable' }],
    ]);
  });

  it('waits, and loses nothing, while the database is away', async () => {
    partition = 8;
    const away = await openDatabase({ url, applicationName: 'spec-away', schemas: [] });
    await away.destroy();
    const batch = batchOf('ten_away', 0, 3);
    const outcome = await projector(away).project(batch);
    await projector().project(batch);
    expect(outcome).toEqual({ retryAt: new Date(NOW.getTime() + 1_000), from: 0n });
    expect([
      await eventsOf('ten_away'),
      (await database.query(`select 1 from billing.quarantine where tenant_id = 'ten_away'`)).length,
    ]).toEqual([4, 0]);
  });
});
