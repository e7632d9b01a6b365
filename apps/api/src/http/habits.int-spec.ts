import { setTimeout as wait } from 'node:timers/promises';
import { claimKey } from '@trueup/access';
import { canonicalJson } from '@trueup/contracts';
import { lockSettings } from '@trueup/control';
import { inTransaction } from '@trueup/persistence';
import { startedRedis } from '@trueup/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerCode, fillTenant } from '../../test/filled-tenant.js';
import type { FilledTenant } from '../../test/filled-tenant.js';
import { StartedApi } from '../../test/started-api.js';

let api: StartedApi;
let filled: FilledTenant;
beforeAll(async () => {
  api = await StartedApi.start();
  filled = await fillTenant(api);
});
afterAll(() => api.stop());

describe('an Idempotency-Key', () => {
  const body = { kind: 'autotask', label: 'Once' };
  const post = (key: string, content: object = body, token = api.adminToken) =>
    api.call('/v1/connections', { method: 'POST', token, body: content, headers: { 'idempotency-key': key } });

  it('gives the first answer again and says so', async () => {
    const [first, second] = [await post('k1'), await post('k1')];
    expect([first.headers.get('idempotent-replayed'), second.headers.get('idempotent-replayed')]).toEqual([null, 'true']);
    expect([second.status, second.body]).toEqual([first.status, first.body]);
  });

  it('refuses another body', async () => {
    await post('k2');
    const other = await post('k2', { ...body, label: 'Twice' });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-mismatch']);
  });

  it('answers 409 while the first request is at work', async () => {
    const { tenantId, now: at } = api;
    const late = await inTransaction(api.db, async (tx) => {
      await claimKey(tx, { tenantId, route: 'POST /connections', key: 'k3', content: canonicalJson(body), at });
      return post('k3');
    });
    expect([late.status, late.body.code, late.headers.get('retry-after')]).toEqual([409, 'idempotency-in-progress', '1']);
  });

  it('shows the answer to nobody of another reach', async () => {
    const release = (token: string) =>
      api.call('/v1/tokens', {
        method: 'POST',
        token,
        body: { label: 'mine', scopes: ['billing:read'] },
        headers: { 'idempotency-key': 'k4' },
      });
    await release(api.adminToken);
    const narrower = await release(await api.token(['tokens:admin', 'billing:read'], { customerCodes: [customerCode] }));
    expect([narrower.status, narrower.body.code]).toEqual([422, 'idempotency-mismatch']);
  });

  it('makes a repeated check ask the PSA nothing', async () => {
    const check = () =>
      api.call(`/v1/connections/${filled.connectionId}/check`, { method: 'POST', headers: { 'idempotency-key': 'c1' } });
    const [first, second] = [await check(), await check()];
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(second.body.checkRequested).toBe(first.body.checkRequested);
  });
});

describe('what can be edited', () => {
  const validFrom = '2026-04-01';
  let edited = 0; // makes every edit another one
  const edits: [string, () => { path: string; method: string; body: unknown }][] = [
    [
      'a connection',
      () => ({ path: `/v1/connections/${filled.connectionId}`, method: 'PATCH', body: { label: `L${(edited += 1)}` } }),
    ],
    [
      'billing periods',
      () => ({
        path: '/v1/settings/billing-period',
        method: 'PUT',
        body: { closeDay: 'month-end', timeZone: 'Etc/UTC', graceHours: (edited += 1) },
      }),
    ],
    [
      'the guards',
      () => ({
        path: '/v1/guards',
        method: 'PUT',
        body: [{ scope: { sku: filled.sku }, kind: 'floor', value: String((edited += 1)) }],
      }),
    ],
    [
      'a customer mapping',
      () => ({
        path: `/v1/mappings/customers/${encodeURIComponent(customerCode)}`,
        method: 'PUT',
        body: [{ connectionId: filled.connectionId, billingIdentifier: `${(edited += 1)}`, validFrom }],
      }),
    ],
    [
      'a product mapping',
      () => ({
        path: `/v1/mappings/products/${filled.sku}`,
        method: 'PUT',
        body: [{ connectionId: filled.connectionId, psaProductRef: `${(edited += 1)}`, validFrom }],
      }),
    ],
    [
      'a service of the catalogue',
      () => ({
        path: '/v1/catalogue/services/ETAG',
        method: 'PUT',
        body: { rows: [{ planCode: null, sku: `S${(edited += 1)}`, validFrom }] },
      }),
    ],
  ];

  it.each(edits)('is known by its tag: %s', async (_what, edit) => {
    const { path, ...put } = edit();
    await api.call(path, put);
    const read = await api.call(path);
    const known = await api.call(path, { headers: { 'if-none-match': read.headers.get('etag')! } });
    expect([known.status, known.text]).toEqual([304, '']);
    expect(known.headers.get('etag')).toBe(read.headers.get('etag'));
  });

  it.each(edits)('is edited only as it was read: %s', async (_what, edit) => {
    const { path } = edit();
    const tag = (await api.call(path)).headers.get('etag')!;
    const [first, second] = [edit(), edit()];
    const changed = await api.call(path, { ...first, headers: { 'if-match': tag } });
    const lost = await api.call(path, { ...second, headers: { 'if-match': tag } });
    expect([changed.status, lost.status, lost.body.code]).toEqual([200, 412, 'precondition-failed']);
    expect((await api.call(path)).headers.get('etag')).toBe(changed.headers.get('etag'));
  });

  it.each(edits)('is edited once by two who read the same: %s', async (_what, edit) => {
    const { path } = edit();
    const tag = (await api.call(path)).headers.get('etag')!;
    const both = await inTransaction(api.db, async (tx) => {
      await lockSettings(tx, api.tenantId);
      const answers = [edit(), edit()].map((one) => api.call(path, { ...one, headers: { 'if-match': tag } }));
      await wait(300);
      return answers;
    });
    expect((await Promise.all(both)).map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412]);
  });

  it('refuses an If-Match that is no tag', async () => {
    const { path, ...patch } = edits[0]![1]();
    const answer = await api.call(path, { ...patch, headers: { 'if-match': 'yesterday' } });
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, '/If-Match']);
  });
});

describe('a list', () => {
  it('names its next page', async () => {
    const { headers, body } = await api.call('/v1/connections?limit=1');
    const next = /^<(.+)>; rel="next"$/.exec(headers.get('link') ?? '')![1]!;
    expect(new URL(next, api.url).searchParams.get('cursor')).toBe(body.nextCursor);
    expect((await api.call(next)).body.data[0].id).not.toBe(body.data[0].id);
  });
});

describe('input that no route declares', () => {
  it('is refused in the address', async () => {
    const answer = await api.call('/v1/me?verbose=1');
    expect([answer.status, answer.body.errors]).toEqual([400, [{ pointer: '/verbose', detail: 'Unknown parameter' }]]);
  });

  it('is refused in the body', async () => {
    const answer = await api.call('/v1/periods/current/close', { method: 'POST', body: { force: true } });
    expect([answer.status, answer.body.errors]).toEqual([422, [{ pointer: '/force', detail: 'Unknown member' }]]);
  });
});

describe('a token', () => {
  it.each(['in each process', 'in Redis', 'in each process while Redis is away'])('is slowed down, counted %s', async (where) => {
    const found = where === 'in Redis' ? await startedRedis() : { url: 'redis://127.0.0.1:1' };
    const redisUrl = where.includes('Redis') ? found?.url : undefined; // a machine without Redis counts in each process
    const slow = await StartedApi.start({ requests: 3, windowSeconds: 60, ...(redisUrl !== undefined && { redisUrl }) });
    await slow.call('/v1/openapi.json', { token: null });
    await wait(300); // Redis is being found
    const answers = [];
    for (let asked = 0; asked < 4; asked += 1) answers.push(await slow.call('/v1/me'));
    const other = await slow.call('/v1/me', { token: await slow.token() });
    await slow.stop();
    const [first, last] = [answers[0]!, answers[3]!];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect([other.status, first.headers.get('ratelimit-policy')]).toEqual([200, '"token";q=3;w=60']);
    expect(first.headers.get('ratelimit')).toMatch(/^"token";r=2;t=\d+$/);
    expect(last.body.code).toBe('rate-limited');
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
