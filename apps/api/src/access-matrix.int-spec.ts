import { SCOPES } from '@trueup/contracts';
import type { Scope } from '@trueup/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knownIds } from '../test/known-ids.js';
import { addressOf, listedRoutes } from '../test/listed-routes.js';
import type { KnownIds, ListedRoute } from '../test/listed-routes.js';
import { StartedApi } from '../test/started-api.js';
import { stateOf } from '../test/told-apart.js';

let api: StartedApi;
let known: KnownIds;
let routes: ListedRoute[];

beforeAll(async () => {
  api = await StartedApi.start();
  known = await knownIds(api);
  routes = (await listedRoutes(api)).filter((route) => !route.isPublic);
});
afterAll(() => api.stop());

/** What every route answers to a token, without a body: the token is judged first. */
function answersTo(token: string | null, wanted = routes, headers = {}): Promise<[string, string, number, string][]> {
  return Promise.all(
    wanted.map(async (route): Promise<[string, string, number, string]> => {
      const { status, body } = await api.call(addressOf(route, known), { method: route.method, token, headers });
      return [route.method, route.path, status, body?.code];
    }),
  );
}

const named = (wanted: readonly ListedRoute[], ...answer: unknown[]) =>
  wanted.map(({ method, path }) => [method, path, ...answer]);

describe('every route', () => {
  it.each([
    ['no token', () => null],
    ['a wrong token', () => 'tru_wrong'],
    ['an expired token', async () => (await api.call('/v1/tokens', { method: 'POST', body: expiring })).body.token as string],
    ['the secret of a session in place of a token', () => known.session.headers['cookie']!.split('=')[1]!],
  ])('is closed to %s', async (_, tokenOf) => {
    api.now = new Date('2026-03-10T12:00:00Z');
    const token = await tokenOf();
    api.now = new Date('2026-03-10T12:01:00Z');
    const before = await stateOf(api);
    expect(await answersTo(token)).toEqual(named(routes, 401, 'unauthenticated'));
    expect(await stateOf(api)).toBe(before);
  });

  it('is closed to a cookie that no session has', async () => {
    expect(await answersTo(null, routes, { cookie: 'trueup-session=trs_wrong' })).toEqual(named(routes, 401, 'unauthenticated'));
  });

  it('changes nothing for a session whose page does not show its own token', async () => {
    const writing = routes.filter(({ method }) => method !== 'GET');
    const { cookie } = known.session.headers;
    expect(await answersTo(null, writing, { cookie })).toEqual(named(writing, 403, 'cross-site-refused'));
  });

  it.each(SCOPES)('that asks for %s is closed to a token of all other scopes', async (scope) => {
    const wanted = routes.filter((route) => route.scope === scope);
    const token = await api.token(SCOPES.filter((one) => one !== scope));
    expect(await answersTo(token, wanted)).toEqual(named(wanted, 403, 'missing-scope'));
  });

  it.each(SCOPES)('is open to a token of %s alone if it asks for no other scope', async (scope: Scope) => {
    const reading = routes.filter(({ method }) => method === 'GET');
    const token = await api.token([scope]);
    const isOpen = (route: ListedRoute) => route.scope === undefined || route.scope === scope;
    const answers = await answersTo(token, reading);
    expect(answers.map(([method, path, status]) => [method, path, status !== 403])).toEqual(
      reading.map((route) => [route.method, route.path, isOpen(route)]),
    );
  });

  it('says to whom it is closed as RFC 6750 asks', async () => {
    const [none, wrong] = [await api.call('/v1/me', { token: null }), await api.call('/v1/me', { token: 'tru_wrong' })];
    expect(none.headers.get('www-authenticate')).toBe('Bearer realm="trueup"');
    expect(wrong.headers.get('www-authenticate')).toContain('invalid_token');
  });

  it('is one of many, of which hardly any is public', async () => {
    const all = await listedRoutes(api);
    expect(all.filter((route) => route.isPublic).map(({ path }) => path)).toEqual(['/v1/invitations/accept', '/v1/sessions']);
    expect(routes.length).toBeGreaterThan(60);
  });
});

const expiring = { label: 'short', scopes: SCOPES, expiresAt: '2026-03-10T12:00:30Z' };
