import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StartedApi } from '../test/started-api.js';
import type { Call } from '../test/started-api.js';

let api: StartedApi;
beforeAll(async () => {
  api = await StartedApi.start();
});
afterAll(() => api.stop());

const post = (more: Call): Call => ({ method: 'POST', ...more });
const csv = post({ raw: 'a,b', headers: { 'content-type': 'text/csv' } });
const tokenBody = { label: 'x', scopes: ['billing:read'] };
const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;

const cases: [string, string, Call, number, string?][] = [
  ['malformed JSON', '/v1/tokens', post({ raw: '{"label": ' }), 400],
  ['no JSON at all', '/v1/tokens', post({ raw: 'hello' }), 400],
  ['an empty body', '/v1/tokens', post({ raw: '', headers: { 'content-type': 'application/json' } }), 422],
  ['no body', '/v1/tokens', post({}), 422],
  ['a null body', '/v1/tokens', post({ raw: 'null' }), 422],
  ['an array for an object', '/v1/tokens', post({ raw: '[]' }), 422],
  ['deep nesting', '/v1/tokens', post({ raw: deep }), 422],
  [
    'deep nesting inside a member',
    '/v1/connections',
    post({ raw: `{"kind":"autotask","label":"x","settings":{"x":${deep}}}` }),
    422,
  ],
  [
    '__proto__',
    '/v1/tokens',
    post({ raw: '{"__proto__": {"scopes": ["tenants:admin"]}, "label": "x", "scopes": ["billing:read"]}' }),
    400,
  ],
  [
    'constructor',
    '/v1/tokens',
    post({ raw: '{"constructor": {"prototype": {"x": 1}}, "label": "x", "scopes": ["billing:read"]}' }),
    400,
  ],
  [
    'another content type',
    '/v1/tokens',
    post({ raw: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    415,
  ],
  ['a body of 2 MiB', '/v1/tokens', post({ raw: JSON.stringify({ ...tokenBody, label: 'x'.repeat(2 * 1024 * 1024) }) }), 413],
  ['an unknown member', '/v1/tokens', post({ body: { ...tokenBody, admin: true } }), 422, '/admin'],
  ['an unknown scope', '/v1/tokens', post({ body: { label: 'x', scopes: ['billing:read', 'root'] } }), 422, '/scopes/1'],
  ['a missing member', '/v1/tokens', post({ body: { scopes: ['billing:read'] } }), 422, '/label'],
  ['a control character', '/v1/tokens', post({ body: { ...tokenBody, label: 'a\u0000b' } }), 422, '/label'],
  ['a lone surrogate', '/v1/tokens', post({ raw: '{"label":"\\ud800","scopes":["billing:read"]}' }), 422, '/label'],
  ['a NUL in a reach', '/v1/tokens', post({ body: { ...tokenBody, reach: { customerCodes: ['\u0000'] } } }), 422],
  [
    'a date that does not exist',
    '/v1/tokens',
    post({ body: { ...tokenBody, expiresAt: '2026-02-30T00:00:00Z' } }),
    422,
    '/expiresAt',
  ],
  [
    'a key that is no text',
    '/v1/tokens',
    post({ body: tokenBody, headers: { 'idempotency-key': 'x'.repeat(300) } }),
    400,
    '/Idempotency-Key',
  ],
  ['a cursor of nothing', '/v1/tokens?cursor=%00%ff', {}, 400],
  ['a cursor of another list', `/v1/tokens?cursor=${cursor(['a', 'b'])}`, {}, 400, '/cursor'],
  ['a cursor with a NUL', `/v1/tokens?cursor=${cursor(['\u0000'])}`, {}, 400, '/cursor'],
  ['a cursor that is an object', `/v1/customers?cursor=${cursor({ $gt: '' })}`, {}, 400, '/cursor'],
  ['a cursor in items', `/v1/billing/current/items?cursor=${cursor(['x'])}`, {}, 400, '/cursor'],
  ['a limit of nought', '/v1/tokens?limit=0', {}, 400, '/limit'],
  ['a limit too large', '/v1/tokens?limit=1001', {}, 400, '/limit'],
  ['a limit that is no number', '/v1/tokens?limit=ten', {}, 400, '/limit'],
  ['two limits', '/v1/tokens?limit=1&limit=2', {}, 400, '/limit'],
  ['an unknown parameter', '/v1/tokens?lmit=1', {}, 400, '/lmit'],
  ['a period that does not exist', '/v1/billing/2026-02-30/items', {}, 400, '/period'],
  ['a period of another word', '/v1/billing/next/items', {}, 400, '/period'],
  ['a period before all time', '/v1/billing/0000-01-01/items', {}, 400, '/period'],
  ['a period of the far future', '/v1/periods/9999-12-31', {}, 400, '/id'],
  ['a bad day in a filter', '/v1/billing/current/items?from=2026-13-01', {}, 400, '/from'],
  ['a day of the year nought in a filter', '/v1/billing/current/items?from=0000-01-01', {}, 400, '/from'],
  ['the last day in a filter', '/v1/billing/current/items?to=9999-12-31', {}, 400, '/to'],
  ['a count of nought', '/v1/periods?count=0', {}, 400, '/count'],
  ['a NUL in a code', '/v1/customers/%00', {}, 400, '/code'],
  ['a NUL in a filter', '/v1/lines?customer=%00', {}, 400, '/customer'],
  ['bytes that are no UTF-8', '/v1/customers/%ff', {}, 400],
  ['half an escape', '/v1/customers/%4', {}, 400],
  ['a code of 65 characters', `/v1/customers/${'x'.repeat(65)}`, {}, 400, '/code'],
  ['a very long address', `/v1/customers/${'x'.repeat(5000)}`, {}, 400],
  ['an id of nobody', '/v1/connections/con_nobody', {}, 404],
  ['quotes in an id', `/v1/connections/${encodeURIComponent("'; drop table access.token; --")}`, {}, 404],
  ['another method', '/v1/me', { method: 'DELETE' }, 404],
  ['an empty mapping', '/v1/mappings/customers/C1', { method: 'PUT', body: [] }, 422],
  ['an object for a list', '/v1/mappings/customers/C1', { method: 'PUT', body: {} }, 422],
  [
    'a day of the year nought',
    '/v1/catalogue/services/S',
    { method: 'PUT', body: { rows: [{ planCode: null, sku: 'x', validFrom: '0000-01-01' }] } },
    422,
    '/rows/0/validFrom',
  ],
  [
    'a mapping without a date',
    '/v1/mappings/products/S',
    { method: 'PUT', body: [{ connectionId: 'c', psaProductRef: '1' }] },
    422,
    '/0/validFrom',
  ],
  ['a kind of mapping nobody knows', '/v1/mappings/import?kind=prices', csv, 400, '/kind'],
  ['no kind of mapping', '/v1/mappings/import', csv, 400, '/kind'],
  ['JSON for a file', '/v1/mappings/import?kind=products', post({ body: {} }), 415],
  ['another word for true', '/v1/mappings/import?kind=products&dryRun=yes', csv, 400, '/dryRun'],
  ['a delimiter nobody uses', '/v1/billing/current/items.csv?delimiter=%7C', {}, 400, '/delimiter'],
  ['a page of a file', '/v1/billing/current/items.csv?limit=10', {}, 400, '/limit'],
  ['a cursor of another list of holds', `/v1/holds?cursor=${cursor(['a', 'b'])}`, {}, 400, '/cursor'],
  ['a period that does not exist to close', '/v1/periods/2026-02-30/close', post({}), 400, '/id'],
  ['a run of no connection', '/v1/runs', post({ body: { customerCodes: ['C1'] } }), 422, '/connectionId'],
  ['a run of no customers', '/v1/runs', post({ body: { connectionId: 'con_x', customerCodes: [] } }), 422, '/customerCodes'],
  ['guards that are no list', '/v1/guards', { method: 'PUT', body: {} }, 422],
  [
    'a guard of a negative value',
    '/v1/guards',
    { method: 'PUT', body: [{ scope: {}, kind: 'floor', value: '-1' }] },
    422,
    '/0/value',
  ],
  ['an unknown kind', '/v1/connections', post({ body: { kind: 'excel', label: 'x' } }), 422, '/kind'],
  [
    'an unknown setting',
    '/v1/connections',
    post({ body: { kind: 'autotask', label: 'x', settings: { proRate: true } } }),
    422,
    '/settings/proRate',
  ],
];

describe('bad input', () => {
  it.each(cases)('of %s gets a problem that says what to do', async (_what, path, call, status, pointer) => {
    const answer = await api.call(path, call);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({
      type: expect.stringMatching(/^https:\/\/trueup\.dev\/problems\//),
      status,
      title: expect.any(String),
      requestId: expect.any(String),
    });
    expect(answer.body.detail.length).toBeGreaterThan(10);
    if (pointer !== undefined) expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
    expect(answer.text).not.toMatch(/\bat .*\.[jt]s:|QueryFailed|select |node_modules/);
  });

  it('leaves nothing behind', async () => {
    const tokens = await api.call('/v1/tokens');
    const connections = await api.call('/v1/connections');
    expect([tokens.body.data.length, connections.body.data.length]).toEqual([2, 0]);
  });

  it('keeps a harmless request id and replaces another', async () => {
    const kept = await api.call('/v1/nothing', { headers: { 'x-request-id': 'mine-1' } });
    const replaced = await api.call('/v1/nothing', { headers: { 'x-request-id': '<script>' } });
    expect([kept.body.requestId, kept.headers.get('x-request-id')]).toEqual(['mine-1', 'mine-1']);
    expect(replaced.body.requestId).toMatch(/^req_/);
  });
});
