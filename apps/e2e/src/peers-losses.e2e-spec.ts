import { Kafka, logLevel } from 'kafkajs';
import { beforeAll, describe, expect, it } from 'vitest';
import { assigned, type Scene, SERVICE, SKU, writesOf } from '@trueup/testing/product';
import { scene } from './scene.js';

const EVENTS_TOPIC = 'provisioning.events.v1';
const YEAR_MS = 365 * 86_400_000;

/** Joins of consumer groups by process: what grows while nobody starts or stops is a rebalance. */
async function joinsByProcess({ runtime }: Scene): Promise<Record<string, string[]>> {
  const { adminPorts } = runtime.endpoints;
  const entries = Object.entries(adminPorts).map(async ([service, ports]) => {
    const pages = await Promise.all(ports.map(async (port) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()));
    return [service, pages.flatMap((page) => /^trueup_kafka_joins (\d+)$/m.exec(page)?.[1] ?? [])] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** What the strictest retention pass would leave of a topic: nothing. */
async function forgetRecords({ runtime }: Scene, topic: string): Promise<void> {
  const kafka = new Kafka({
    brokers: runtime.endpoints.kafkaBrokers.split(','),
    clientId: 'retention',
    logLevel: logLevel.NOTHING,
  });
  const admin = kafka.admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: offsets.map(({ partition, high }) => ({ partition, offset: high })) });
  } finally {
    await admin.disconnect();
  }
}

async function rebuild({ msp }: Scene): Promise<string> {
  const { id } = await msp.api<{ id: string }>('POST', '/operations/rebuild', { body: {}, expect: 202 });
  for (;;) {
    const { stage } = await msp.api<{ stage: string }>('GET', `/operations/${id}`);
    if (stage === 'done' || stage === 'failed') return stage;
  }
}

interface Route {
  method: string;
  path: string;
}

/** Every route of a document that asks for somebody: with a token, or as a service. */
async function guardedRoutes(url: string): Promise<Route[]> {
  const { paths } = (await (await fetch(url)).json()) as { paths: Record<string, Record<string, { security?: object[] }>> };
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, { security }]) => Object.keys(security?.[0] ?? {}).length > 0)
      .map(([method]) => ({ method: method.toUpperCase(), path })),
  );
}

/** Every way to come with nothing that anybody has given out. */
const UNSIGNED: readonly Record<string, string>[] = [
  {},
  { authorization: '' },
  { authorization: 'Bearer' },
  { authorization: 'Bearer unknown' },
  { authorization: 'Basic YWRtaW46' },
  { cookie: 'trueup-session=unknown; __Host-trueup-session=unknown', origin: 'https://elsewhere.example' },
];

async function statusOf(url: string, { method, path }: Route, more: Record<string, string>, id: string): Promise<number> {
  const headers = { 'content-type': 'application/json', ...more };
  const body = method === 'GET' || method === 'DELETE' ? {} : { body: '{}' };
  return (await fetch(`${url}${path.replace(/\{\w+\}/g, id)}`, { method, headers, ...body })).status;
}

// Each title names a loss of billing data that users of another product reported, and what must not happen here.
describe('what others lost', () => {
  let stage: Scene;
  let joins: Record<string, string[]>;

  beforeAll(async () => {
    stage = await scene('What others lost', { customers: 3, settings: { settleMs: 1_500 } });
    await stage.runtime.settled();
    joins = await joinsByProcess(stage);
  });

  it('OM 5005: events dated a year back survive a forced retention pass, and a rebuild has all of them', async () => {
    const { msp, runtime } = stage;
    const customer = stage.customers[0]!;
    const aYearBack = new Date(stage.now.getTime() - YEAR_MS).toISOString();
    const events = ['a', 'b', 'c', 'd', 'e'].map((user) => assigned(customer.code, user, SERVICE, aYearBack));
    expect(await msp.post(events)).toMatchObject({ accepted: 5, rejected: 0 });
    await runtime.settled();
    await forgetRecords(stage, EVENTS_TOPIC);

    expect(await rebuild(stage)).toBe('done');
    await runtime.settled();
    const items = await msp.api<{ data: { userCode: string }[] }>('GET', '/billing/current/items');
    expect(items.data.map(({ userCode }) => userCode)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect((await msp.line(customer.code, SKU)).quantity).toBe('5');
    expect(await msp.sandbox.unitsOn(customer.contractServiceId, stage.today)).toBe(5);
    expect(await msp.post(events)).toMatchObject({ accepted: 0, duplicate: 5 });
  });

  it('LA 4725/5416/5359: of two bodies that were taken under one id before either was stored, the first counts and the other is told', async () => {
    const { msp, runtime } = stage;
    const customer = stage.customers[1]!;
    const first = assigned(customer.code, 'first', SERVICE, stage.now.toISOString());
    const second = { ...first, data: { ...first.data, userCode: 'second' } };
    const answers = [await msp.postOne(first), await msp.postOne(second).catch(() => ({ accepted: 0 }))];
    await runtime.settled();

    expect(answers[0]).toMatchObject({ accepted: 1 });
    const items = await msp.api<{ data: { userCode: string }[] }>('GET', `/billing/current/items?customer=${customer.code}`);
    expect(items.data.map(({ userCode }) => userCode)).toEqual(['first']);
    expect(await writesOf(stage, customer)).toMatchObject({ count: 1, sum: 1 });
    const conflicts = await msp.api<{ data: unknown[] }>('GET', '/quarantine');
    expect(conflicts.data).toHaveLength(answers[1]!.accepted);
  });

  it('DUST 31578: a change that is answered 504 after its commit makes one seat of one seat', async () => {
    const { msp, runtime } = stage;
    const customer = stage.customers[2]!;
    const match = { path: `/Contracts/${customer.companyId}/ServiceAdjustments`, access: 'write' };
    await msp.sandbox.fault({ kind: 'gateway-error', status: 504, effect: true, count: 4, match });
    await msp.post([assigned(customer.code, 'jo', SERVICE, stage.now.toISOString())]);
    await runtime.settled(90);

    expect(await msp.sandbox.unitsOn(customer.contractServiceId, stage.today)).toBe(1);
    expect(await writesOf(stage, customer)).toMatchObject({ count: 1, sum: 1 });
    expect((await msp.line(customer.code, SKU)).deliveries).toMatchObject([{ state: 'delivered' }]);
    await msp.sandbox.clearFaults();
  });

  it('N8AT GHSA-hh59: no call without valid credentials changes anything, on any route of any service', async () => {
    const { msp, runtime, connectionId } = stage;
    const { apiUrl, ingestUrl, controlUrl } = runtime.endpoints;
    const control = ['/status', '/clock', '/settled', '/processes/api/0/signal'].map((path) => ({ method: 'POST', path }));
    const services: [string, Route[]][] = [
      [apiUrl, await guardedRoutes(`${apiUrl}/v1/openapi.json`)],
      [
        ingestUrl,
        [
          { method: 'POST', path: '/v1/events' },
          { method: 'GET', path: '/v1/events' },
        ],
      ],
      [controlUrl, control],
    ];
    const kept = async () => [
      await msp.api('GET', `/connections/${connectionId}`),
      await msp.api('GET', '/audit?limit=5'),
      await msp.api('GET', '/tokens'),
    ];
    const before = await kept();
    const opened: string[] = [];
    for (const [url, routes] of services) {
      for (const route of routes) {
        const statuses = await Promise.all(UNSIGNED.map((headers) => statusOf(url, route, headers, connectionId)));
        // 404 and 405: there is nothing of that name to be let in to; 429: too many such calls, which opens nothing either.
        if (!statuses.every((status) => [401, 404, 405, 429].includes(status)))
          opened.push(`${route.method} ${route.path} ${statuses.join()}`);
      }
    }

    expect(services[0]![1].length).toBeGreaterThan(60);
    expect(opened).toEqual([]);
    expect(await kept()).toEqual(before);
  });

  it('OM 4515: no process has joined its group again while events came and went', async () => {
    expect(Object.values(joins).flat().length).toBeGreaterThan(2);
    expect(await joinsByProcess(stage)).toEqual(joins);
  });
});
