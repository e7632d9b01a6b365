import { eventFingerprint, fromEventRecord, partitionOf, PROVISIONING_EVENTS, type ProvisioningEvent } from '@trueup/contracts';
import 'reflect-metadata';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IngestAnswer } from './ingest-answer.js';
import { BATCH, BINARY, holder, type IngestInMemory, ingestInMemory, NOW, send, SINGLE } from './ingest-in-memory.behaviour.js';
import { sampleEvent } from './sample-events.behaviour.js';

describe('POST /v1/events', () => {
  let ingest: IngestInMemory;

  beforeEach(async () => {
    ingest = await ingestInMemory();
  });
  afterEach(() => ingest.app.close());

  const post = (payload: unknown, contentType = SINGLE, headers: Record<string, string> = {}, url = '/v1/events') =>
    send(ingest, payload, contentType, headers, url);
  const written = () => ingest.written();
  const pointersOf = (answer: IngestAnswer, index = 0) => answer.results[index]!.problem?.errors?.map(({ pointer }) => pointer);

  it('accepts one event and has published it by then', async () => {
    const response = await post(sampleEvent());

    expect(response.statusCode).toBe(202);
    expect(response.json()).toEqual({
      accepted: 1,
      duplicate: 0,
      rejected: 0,
      results: [{ index: 0, id: 'e-1', status: 'accepted' }],
    });
    expect(written()).toHaveLength(1);
  });

  it('writes binary mode under the key of the customer, with tenant, instant and trace', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await post(sampleEvent({ actorname: 'Zoë' }), SINGLE, { traceparent });

    const [record] = written();
    const read = fromEventRecord(record!);
    expect(record).toMatchObject({
      key: 'ten_1/CUST-1',
      headers: { ce_tenantid: 'ten_1', ce_recordedat: NOW.toISOString(), ce_id: 'e-1', ce_actorname: 'Zoë' },
    });
    expect(record!.headers['traceparent']).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01$/);
    expect(read).toMatchObject({ tenantId: 'ten_1', event: sampleEvent() });
    expect((await ingest.log.endOffsets(PROVISIONING_EVENTS)).get(partitionOf(PROVISIONING_EVENTS, 'ten_1/CUST-1'))).toBe(1n);
  });

  it("carries the state of the request's trace along, and starts a trace where there is no valid one", async () => {
    const tracestate = 'vendor=1';
    await post(sampleEvent(), SINGLE, { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', tracestate });
    await post(sampleEvent({ id: 'e-2' }), SINGLE, {
      traceparent: '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
      tracestate,
    });
    const [carried, fresh] = written().map(({ headers }) => headers);

    expect(carried!['tracestate']).toBe(tracestate);
    expect([fresh!['tracestate'], fresh!['traceparent']]).toEqual([
      undefined,
      expect.stringMatching(/^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-01$/),
    ]);
  });

  it('leaves the trace of the sender as it is', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await post(sampleEvent({ traceparent }));

    expect(written()[0]!.headers['traceparent']).toBe(traceparent);
  });

  it('judges every event of a batch by itself', async () => {
    const faulty = sampleEvent({ id: 'e-3', data: { serviceCode: 'mail', serviceName: 'Mail' } });
    const response = await post([sampleEvent(), sampleEvent({ id: 'e-2' }), faulty], BATCH);

    expect(response.statusCode).toBe(207);
    expect(response.json()).toEqual({
      accepted: 2,
      duplicate: 0,
      rejected: 1,
      results: [
        { index: 0, id: 'e-1', status: 'accepted' },
        { index: 1, id: 'e-2', status: 'accepted' },
        {
          index: 2,
          id: 'e-3',
          status: 'rejected',
          problem: {
            type: 'https://trueup.dev/problems/validation-failed',
            code: 'validation-failed',
            title: 'Validation failed',
            errors: [{ pointer: '/data/userCode', detail: 'Required' }],
          },
        },
      ],
    });
    expect(written().map(({ headers }) => headers['ce_id'])).toEqual(['e-1', 'e-2']);
  });

  it('answers 422 when nothing is acceptable, and publishes nothing', async () => {
    const response = await post(sampleEvent({ type: 'trueup.unknown.v1' }));

    expect(response.statusCode).toBe(422);
    expect(pointersOf(response.json())).toEqual(['/type']);
    expect(written()).toEqual([]);
  });

  it('takes a repeat within the request as duplicate and other content as conflict', async () => {
    const other = sampleEvent({ subject: 'CUST-2' });
    const response = await post([sampleEvent(), sampleEvent(), other, sampleEvent({ source: '/elsewhere' })], BATCH);
    const { results, ...counts } = response.json<IngestAnswer>();

    expect(counts).toEqual({ accepted: 2, duplicate: 1, rejected: 1 });
    expect(results.map(({ status, problem }) => problem?.code ?? status)).toEqual([
      'accepted',
      'duplicate',
      'event-conflict',
      'accepted',
    ]);
    expect(written()).toHaveLength(2);
  });

  it('takes a repeat of a stored event as duplicate and other content as conflict', async () => {
    ingest.store.events = [
      { source: '/provisioning/main', id: 'e-1', fingerprint: eventFingerprint(sampleEvent() as unknown as ProvisioningEvent) },
    ];
    const repeat = await post(sampleEvent({ traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' }));
    const conflict = await post(sampleEvent({ subject: 'CUST-2' }));

    expect([repeat.statusCode, repeat.json<IngestAnswer>().results[0]!.status]).toEqual([202, 'duplicate']);
    expect([conflict.statusCode, conflict.json<IngestAnswer>().results[0]!.problem?.code]).toEqual([422, 'event-conflict']);
    expect(written()).toEqual([]);
  });

  it('lets an event lie at most five minutes ahead', async () => {
    const response = await post(
      [sampleEvent({ time: '2026-03-10T12:05:00Z' }), sampleEvent({ id: 'e-2', time: '2026-03-10T12:05:00.001Z' })],
      BATCH,
    );

    expect(response.json<IngestAnswer>().results.map(({ status }) => status)).toEqual(['accepted', 'rejected']);
    expect(pointersOf(response.json(), 1)).toEqual(['/time']);
  });

  it('rejects customers outside the reach of the token', async () => {
    ingest.tokens.set('narrow', holder({ reach: { customerCodes: ['CUST-1'] } }));
    const response = await post([sampleEvent(), sampleEvent({ id: 'e-2', subject: 'CUST-2' })], BATCH, {
      authorization: 'Bearer narrow',
    });

    expect(response.statusCode).toBe(207);
    expect(pointersOf(response.json(), 1)).toEqual(['/subject']);
    expect(written()).toHaveLength(1);
  });

  it('answers 503 with Retry-After while the log is away, and has accepted nothing', async () => {
    ingest.log.breakDown(new Error('no broker'));
    const response = await post(sampleEvent());

    expect([response.statusCode, response.headers['retry-after'], response.json<{ code: string }>().code]).toEqual([
      503,
      '2',
      'broker-unavailable',
    ]);
    ingest.log.breakDown(null);
    expect((await post(sampleEvent())).statusCode).toBe(202);
  });

  it('counts what the log acknowledged, by tenant and the instant in its records: no repeat, nothing refused or published in vain', async () => {
    await post([sampleEvent({ id: 'a' }), sampleEvent({ id: 'a' }), sampleEvent({ id: 'b' }), {}], BATCH);
    ingest.log.breakDown(new Error('no broker'));
    await post(sampleEvent({ id: 'c' }));

    expect(ingest.accepted).toEqual([['ten_1', NOW.toISOString(), 2]]);
    expect(written().map(({ headers }) => headers['ce_recordedat'])).toEqual([NOW.toISOString(), NOW.toISOString()]);
  });

  it('answers 503 while the database is away', async () => {
    ingest.store.isAway = true;

    expect((await post(sampleEvent())).statusCode).toBe(503);
    expect((await post(sampleEvent(), SINGLE, { authorization: 'Bearer no-database' })).statusCode).toBe(503);
    expect(written()).toEqual([]);
  });

  const unauthenticated: [string, Record<string, string>, number, string][] = [
    ['no token', { authorization: '' }, 401, 'unauthenticated'],
    ['an unknown token', { authorization: 'Bearer bad' }, 401, 'unauthenticated'],
    ['another scheme', { authorization: 'Basic Z29vZDo=' }, 401, 'unauthenticated'],
    ['a token without the scope', { authorization: 'Bearer reader' }, 403, 'missing-scope'],
  ];
  it.each(unauthenticated)('lets nobody in with %s', async (_what, headers, status, code) => {
    ingest.tokens.set('reader', holder({ scopes: new Set(['billing:read']) }));
    const response = await post(sampleEvent(), SINGLE, headers);

    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([status, code]);
    expect(written()).toEqual([]);
  });

  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const badBodies: [string, string | Buffer, string, number][] = [
    ['broken JSON', '{"id":', SINGLE, 400],
    ['an empty body', '', SINGLE, 400],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), SINGLE, 400],
    ['a byte order mark', `\uFEFF${JSON.stringify(sampleEvent())}`, SINGLE, 400],
    ['null', 'null', SINGLE, 400],
    ['an array for an event', '[]', SINGLE, 400],
    ['an event for a batch', JSON.stringify(sampleEvent()), BATCH, 400],
    ['an empty batch', '[]', BATCH, 400],
    ['deep nesting', deep, SINGLE, 400],
    ['deep nesting inside a batch', `[${deep}]`, BATCH, 422],
    ['deep nesting inside data', `{"specversion":"1.0","data":${deep}}`, SINGLE, 422],
    ['numbers and nulls for events', '[1,null,"x",true,[]]', BATCH, 422],
    ['__proto__ as an attribute', '{"__proto__":{"x":1},"specversion":"1.0"}', SINGLE, 422],
    ['an array for data', JSON.stringify(sampleEvent({ data: [] })), SINGLE, 422],
    ['1,001 events', JSON.stringify(Array.from({ length: 1_001 }, (_, i) => ({ id: `e-${i}` }))), BATCH, 413],
    ['more than 1 MiB', JSON.stringify(sampleEvent({ id: 'x'.repeat(1_048_577) })), SINGLE, 413],
    ['plain JSON', JSON.stringify(sampleEvent()), 'application/json', 415],
    ['text', 'hello', 'text/plain', 415],
  ];
  it.each(badBodies)('refuses %s with a problem that says why', async (_what, payload, contentType, status) => {
    const response = await post(payload, contentType);
    const body = response.json<{ code?: string; results?: { problem: { errors: unknown[] } }[] }>();

    expect(response.statusCode).toBe(status);
    expect(response.body).not.toMatch(/\bat .*\.(js|ts):\d+/);
    expect(body.code ?? body.results![0]!.problem.errors[0]).toBeDefined();
    expect(written()).toEqual([]);
  });

  it('points at a member named __proto__ inside data', async () => {
    const response = await post(
      `{"specversion":"1.0","id":"1","source":"s","type":"trueup.domain.added.v1","time":"2026-01-01T00:00:00Z","subject":"c","data":{"domain":"d","__proto__":{"x":1}}}`,
    );

    expect([response.statusCode, pointersOf(response.json())]).toEqual([422, ['/data/__proto__']]);
  });

  it('answers problem+json with the id of the request', async () => {
    const response = await post('{', SINGLE);

    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.json()).toMatchObject({
      type: 'https://trueup.dev/problems/malformed-body',
      status: 400,
      requestId: expect.stringMatching(/^req_/) as string,
    });
  });

  it('answers a problem for an unknown address', async () => {
    const response = await ingest.app.inject({ method: 'GET', url: '/v1/nothing' });

    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([404, 'not-found']);
  });

  it('publishes its limits', async () => {
    const response = await ingest.app.inject({ method: 'GET', url: '/v1/ingest' });

    expect(response.json()).toEqual({
      maxEvents: 1_000,
      maxBodyBytes: 1_048_576,
      maxEventBytes: 262_144,
      maxDepth: 32,
      maxHeaderBytes: 16_384,
      maxFutureSeconds: 300,
      requestTimeoutSeconds: 30,
      headersTimeoutSeconds: 10,
      contentTypes: [SINGLE, BATCH, BINARY],
      contentEncodings: ['identity'],
      rate: { token: { events: 1_000_000, windowSeconds: 60 }, tenant: { events: 1_000_000, windowSeconds: 60 } },
    });
  });
});
