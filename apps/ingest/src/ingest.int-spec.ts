import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { accessSchema, createTenant, createToken, deleteToken, TokenVerifier } from '@trueup/access';
import { billingSchema, findKnownEvents, readEventBalances, writeAccepted } from '@trueup/billing';
import { fromEventRecord, PROVISIONING_EVENTS, TOPICS } from '@trueup/contracts';
import { createKafka, doneWith, type KafkaLink, type LogPublisher, silentLogger } from '@trueup/kafka';
import { openDatabase } from '@trueup/persistence';
import { createLogger } from '@trueup/service';
import { startedKafka, startedPostgres, startedRedis } from '@trueup/testing';
import { randomUUID } from 'node:crypto';
import 'reflect-metadata';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AcceptedCount } from './accepted-count.js';
import { EventReceiver } from './event-receiver.js';
import { createIngestApp } from './ingest-app.js';
import { KnownEvents } from './known-events.js';
import { type EventLimits, openEventLimiter } from './limits/open-event-limiter.js';
import { sampleEvent } from './sample-events.behaviour.js';

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const NOW = new Date('2026-03-10T12:00:00Z');
const PLENTY: EventLimits = { eventsPerToken: 1_000_000, eventsPerTenant: 1_000_000, windowSeconds: 60 };

describe('ingest on a real broker and database', () => {
  let database: DataSource;
  let link: KafkaLink;
  let token: string;
  let tenantId: string;
  const opened: { app: NestFastifyApplication; publisher: LogPublisher; stop(): void }[] = [];

  beforeAll(async () => {
    const [{ url }, { brokers }] = await Promise.all([startedPostgres(), startedKafka()]);
    database = await openDatabase({ url, applicationName: 'ingest-test', schemas: [accessSchema, billingSchema] });
    const created = await createTenant(database, { name: 'Acme', createdAt: NOW });
    tenantId = created.tenant.id;
    token = created.tokens.events;
    link = createKafka({ brokers, clientId: 'ingest-test', logger: silentLogger });
    await link.ensureTopics(TOPICS);
  });
  afterAll(async () => {
    for (const { app, publisher, stop } of opened) {
      await app.close();
      stop();
      await publisher.stop();
    }
    await link.stop();
    await database.destroy();
  });

  const accepted = new AcceptedCount({
    write: (totals) => writeAccepted(database, 'ingest-test', totals),
    now: () => NOW,
    logger: createLogger('ingest', 'fatal'),
  });

  /** Listens on a free port; answers its address. */
  const start = async (publisher: LogPublisher, limits: Partial<EventLimits> = {}): Promise<string> => {
    const { limiter, stop } = openEventLimiter({ ...PLENTY, ...limits }, createLogger('ingest', 'fatal'));
    const app = await createIngestApp({
      receiver: new EventReceiver({
        publisher,
        knownEvents: new KnownEvents((tenant, identities) => findKnownEvents(database, tenant, identities)),
        accepted,
        now: () => NOW,
      }),
      limiter,
      logger: createLogger('ingest', 'fatal'),
      tokens: new TokenVerifier(database, () => NOW),
    });
    opened.push({ app, publisher, stop });
    await app.listen(0, '127.0.0.1');
    return app.getUrl();
  };
  const post = (url: string, body: unknown, bearer = token): Promise<Response> =>
    fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/cloudevents-batch+json',
        authorization: `Bearer ${bearer}`,
        traceparent: TRACEPARENT,
      },
      body: JSON.stringify(body),
    });

  it("has every accepted event in the log, once, as a step of the request's trace", async () => {
    const url = await start(link.publisher());
    const run = randomUUID();
    const from = await link.endOffsets(PROVISIONING_EVENTS);
    const batches = Array.from({ length: 20 }, (_, b) =>
      Array.from({ length: 50 }, (__, i) =>
        sampleEvent({ id: `${run}-${b * 50 + i}`, subject: `CUST-${i % 7}`, actorname: 'Žofie' }),
      ),
    );

    const statuses: number[] = [];
    for (let i = 0; i < batches.length; i += 4) {
      const answers = await Promise.all(batches.slice(i, i + 4).map((batch) => post(url, batch)));
      statuses.push(...answers.map(({ status }) => status));
    }

    const read = await readBack(link, from, run, 1_000);
    expect(new Set(statuses)).toEqual(new Set([202]));
    expect(read[0]).toEqual({
      id: expect.any(String) as string,
      tenantId,
      actorname: 'Žofie',
      traceId: TRACEPARENT.slice(3, 35),
    });
    expect([read.length, new Set(read.map(({ id }) => id)).size]).toEqual([1_000, 1_000]);
  });

  it('has counted every acknowledged event of the tenant when it stops, and none that was refused', async () => {
    const [url, away] = [
      await start(link.publisher()),
      createKafka({ brokers: ['127.0.0.1:9'], clientId: 'away', logger: silentLogger }),
    ];
    const counted = async () =>
      (await readEventBalances(database, { tenantId, byDayBefore: new Date(0) })).map(({ hour, accepted: sum }) => [
        hour.toISOString(),
        sum,
      ]);
    await accepted.write();
    const [[hour, before] = ['2026-03-10T12:00:00.000Z', 0]] = await counted();
    const batch = Array.from({ length: 30 }, () => sampleEvent({ id: randomUUID() }));
    await post(url, [...batch, batch[0], { broken: true }]);
    await post(await start(away.publisher({ maxWaitMs: 200 })), batch);
    await away.stop();
    await accepted.stop();
    expect(await counted()).toEqual([[hour, Number(before) + 30]]);
  });

  it('lets nobody in with a deleted token one second later', async () => {
    const url = await start(link.publisher());
    const { record, secret } = await createToken(database, {
      tenantId,
      label: 'x',
      scopes: ['events:write'],
      reach: 'tenant',
      createdAt: NOW,
    });
    const before = await post(url, [sampleEvent({ id: randomUUID() })], secret);
    await deleteToken(database, tenantId, record.id);
    await new Promise((resolve) => setTimeout(resolve, 1_000));

    const after = await post(url, [sampleEvent({ id: randomUUID() })], secret);

    expect([before.status, after.status]).toEqual([202, 401]);
  });

  it('counts over two replicas in Redis, and by itself while Redis is away', async () => {
    const { url: redisUrl } = (await startedRedis())!;
    const limits = { eventsPerToken: 30, redisUrl };
    const urls = [await start(link.publisher(), limits), await start(link.publisher(), limits)];
    const alone = await start(link.publisher(), { ...limits, redisUrl: 'redis://127.0.0.1:9' });
    const accepted: boolean[] = [];
    for (let i = 0; i < 40; i++) accepted.push((await post(urls[i % 2]!, [sampleEvent({ id: randomUUID() })])).ok);
    for (let i = 0; i < 31; i++) accepted.push((await post(alone, [sampleEvent({ id: randomUUID() })])).ok);

    const together = accepted.slice(0, 40).filter(Boolean).length;
    // Until its connection stands a replica counts for itself: one event more, each.
    expect([30, 31, 32]).toContain(together);
    expect(accepted.slice(40).filter(Boolean)).toHaveLength(30);
  });

  it('answers 503 with Retry-After within its bound when no broker answers', async () => {
    const away = createKafka({ brokers: ['127.0.0.1:9'], clientId: 'ingest-test', logger: silentLogger });
    const url = await start(away.publisher({ maxWaitMs: 500 }));
    const startedAt = performance.now();

    const response = await post(url, [sampleEvent({ id: randomUUID() })]);

    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });
});

/** The events of one test run, as a consumer of the topic sees them. */
async function readBack(
  link: KafkaLink,
  from: Map<number, bigint>,
  run: string,
  count: number,
): Promise<{ id: string; tenantId: string; actorname?: string; traceId?: string }[]> {
  const found: { id: string; tenantId: string; actorname?: string; traceId?: string }[] = [];
  const consumer = link.consumer({
    groupId: `read-${run}`,
    topics: [PROVISIONING_EVENTS],
    startingOffsets: () => Promise.resolve(from),
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  await consumer.run((batch) => {
    for (const record of batch.records) {
      const read = fromEventRecord(record);
      if ('event' in read && read.event.id.startsWith(run))
        found.push({
          id: read.event.id,
          tenantId: read.tenantId,
          actorname: read.event.actorname,
          traceId: record.headers['traceparent']?.slice(3, 35),
        });
    }
    if (found.length >= count) resolve();
    return Promise.resolve(doneWith(batch));
  });
  await promise;
  await consumer.stop();
  return found;
}
