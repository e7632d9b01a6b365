import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { knownIds, password } from '../../test/known-ids.js';
import type { KnownIds } from '../../test/listed-routes.js';
import { StartedApi } from '../../test/started-api.js';
import type { Call } from '../../test/started-api.js';

let api: StartedApi;
let known: KnownIds;
let lines: Record<string, unknown>[] = [];
beforeAll(async () => {
  api = await StartedApi.start();
  known = await knownIds(api);
  await api.restart({ log: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) });
});
beforeEach(() => void (lines = []));
afterAll(() => api.stop());

const refusals = () => lines.filter(({ msg }) => msg === 'request refused');
const signIn = (call: Call = {}, wanted = password) =>
  api.call('/v1/sessions', { method: 'POST', token: null, body: { email: known.email, password: wanted }, ...call });

describe('a refusal', () => {
  it.each<[string, string, Call, object]>([
    ['nobody known', '/v1/lines', { token: 'tru_wrong' }, { status: 401, code: 'unauthenticated', route: '/v1/lines' }],
    [
      'what reaches for too much',
      '/v1/tokens',
      { method: 'POST', body: { admin: 1 } },
      { status: 422, code: 'validation-failed' },
    ],
    ['what cannot be read', '/v1/tokens', { method: 'POST', raw: '{' }, { status: 400, code: 'malformed-body' }],
    ['a parameter nobody knows', '/v1/lines?x=1', {}, { status: 400, code: 'malformed-parameter' }],
  ])('is one line of the log that names address, route and reason: %s', async (_what, path, call, told) => {
    const { headers } = await api.call(path, call);
    expect(refusals()).toHaveLength(1);
    expect(refusals()[0]).toMatchObject({ ...told, level: 'warn', address: '127.0.0.1', requestId: headers.get('x-request-id') });
  });

  it('names the token that may not do what it asked for', async () => {
    const token = await api.token(['events:write']);
    const { body } = await api.call('/v1/me', { token });
    await api.call('/v1/lines', { token });
    expect(refusals()).toMatchObject([{ code: 'missing-scope', tokenId: body.tokenId, tenantId: api.tenantId }]);
  });

  it('is told of every attempt to sign in that fails, without what was tried', async () => {
    await signIn({}, 'a canary of a password');
    expect(refusals()).toMatchObject([{ code: 'sign-in-refused', address: '127.0.0.1', route: '/v1/sessions' }]);
    expect(JSON.stringify(lines)).not.toMatch(/canary|zebra\.one/i);
  });

  it('is not told of what is merely absent', async () => {
    await api.call('/v1/lines/nothing');
    expect(refusals()).toEqual([]);
  });
});

describe('signing in', () => {
  it('is an entry of the audit', async () => {
    const { body } = await signIn();
    const { body: audit } = await api.call('/v1/audit?action=sessions.post&limit=1');
    expect(audit.data[0]).toMatchObject({ actor: { kind: 'person', id: body.personId }, subject: { id: body.id } });
  });

  it('again in the same browser ends the session that was there', async () => {
    const first = await signIn();
    const cookie = first.headers.getSetCookie()[0]!.split(';')[0]!;
    const second = await signIn({ headers: { cookie } });
    await wait(600);
    const still = await Promise.all(
      [cookie, second.headers.getSetCookie()[0]!.split(';')[0]!].map((one) =>
        api.call('/v1/me', { token: null, headers: { cookie: one } }),
      ),
    );
    expect(still.map(({ status }) => status)).toEqual([401, 200]);
  });
});
