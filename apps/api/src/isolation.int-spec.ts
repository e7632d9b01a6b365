import { SCOPES } from '@trueup/contracts';
import type { Reach } from '@trueup/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptableCall } from '../test/acceptable-call.js';
import { customerCode, mark } from '../test/filled-tenant.js';
import { knownIds } from '../test/known-ids.js';
import { listedRoutes } from '../test/listed-routes.js';
import type { KnownIds, ListedRoute } from '../test/listed-routes.js';
import { addOtherCustomer, otherMark } from '../test/other-customer.js';
import { StartedApi } from '../test/started-api.js';
import { absentCall, impressionOf, stateOf } from '../test/told-apart.js';
import type { Impression } from '../test/told-apart.js';

let api: StartedApi;
let known: KnownIds;
let other: KnownIds;
let routes: ListedRoute[];

beforeAll(async () => {
  api = await StartedApi.start();
  known = await knownIds(api);
  other = await addOtherCustomer(api, known);
  routes = (await listedRoutes(api)).filter((route) => !route.isPublic);
});
afterAll(() => api.stop());

/** An operator sees all tenants; nobody else sees even one. */
const isOfOperator = ({ path }: ListedRoute) => path.startsWith('/v1/tenants');
/** A period is a stretch of time, which every tenant has; everything else in a path belongs to one tenant. */
const objectsIn = ({ path, parameters }: ListedRoute) =>
  parameters.filter((name) => name !== 'period' && !(name === 'id' && path.startsWith('/v1/periods')));
const reads = () => routes.filter((route) => route.method === 'GET' && !isOfOperator(route));
const onObjects = () => routes.filter((route) => objectsIn(route).length > 0 && !isOfOperator(route));
const readsOfOwn = new Set(['/v1/me', '/v1/people', '/v1/tokens', '/v1/audit']);

/** Where a token could tell something that exists from what does not; and how many calls were compared. */
async function differences(token: string, ids: KnownIds, wanted: readonly ListedRoute[]) {
  const found: unknown[] = [];
  for (const route of wanted) {
    const call = { token, headers: {} };
    const existing = await impressionOf(api, { ...acceptableCall(route, ids), ...headersOf(route, ids), ...call });
    const absent = await impressionOf(api, { ...absentCall(route, ids), ...headersOf(route, ids), ...call });
    const isOpen = isRefused(existing) || isMadeByNaming(route);
    if (!isOpen || JSON.stringify(existing) !== JSON.stringify(absent)) found.push([route.method, route.path, existing, absent]);
  }
  return found;
}

const isRefused = ({ status, text }: Impression) =>
  [403, 404, 422].includes(status) || (status === 200 && text === '{"data":[],"nextCursor":null}');
/** Every tenant has codes of its own: whoever names one that is new there makes it. */
const isMadeByNaming = ({ method, path }: ListedRoute) =>
  method === 'PUT' && /^\/v1\/(mappings\/(customers|products)|catalogue)\//.test(path);

/** What the body needs, without the session that would decide in the token's place. */
function headersOf(route: ListedRoute, ids: KnownIds) {
  const { headers } = acceptableCall(route, ids);
  return headers?.['content-type'] === undefined ? {} : { headers: { 'content-type': headers['content-type'] } };
}

describe('every reading route', () => {
  it('answers the tenant itself', async () => {
    const answers = await Promise.all(
      reads().map(async (route) => [route.path, (await api.call(acceptableCall(route, known).path)).status]),
    );
    expect(answers.length).toBeGreaterThan(30);
    expect(answers.filter(([, status]) => status !== 200 && status !== 202)).toEqual([]);
  });

  it('shows another tenant nothing', async () => {
    const { token } = await api.tenant('Second');
    const seen = await Promise.all(
      reads().map(async (route) => {
        const { text } = await api.call(acceptableCall(route, known).path, { token });
        return [route.path, text.includes(mark) || text.includes(otherMark)];
      }),
    );
    expect(seen.filter(([, isSeen]) => isSeen)).toEqual([]);
  });

  it.each<Reach>([{ customerCodes: ['nobody'] }, { resellerCode: 'nobody' }])(
    'shows reach %j nothing of any customer',
    async (reach) => {
      const token = await api.token(SCOPES, reach);
      const shown = reads().filter(({ path }) => !readsOfOwn.has(path));
      const seen = await Promise.all(
        shown.map(async (route) => {
          const { text, status } = await api.call(acceptableCall(route, known).path, { token });
          return [route.path, text.includes(mark) || text.includes(otherMark) || status >= 500];
        }),
      );
      expect(seen.filter(([, isSeen]) => isSeen)).toEqual([]);
    },
  );

  it.each<Reach>([{ customerCodes: [customerCode] }, { resellerCode: 'R1' }])(
    'shows reach %j its own customer, and nothing of the other',
    async (reach) => {
      const token = await api.token(SCOPES, reach);
      const answers = await Promise.all(
        reads().map(async (route) => ({ route, ...(await api.call(acceptableCall(route, known).path, { token })) })),
      );
      const ofOthers = answers.filter(({ text }) => text.includes(otherMark)).map(({ route }) => route.path);
      const ofOwn = answers
        .filter(({ status, text }) => status === 200 && (text.includes(mark) || text.includes(known.lineKey)))
        .map(({ route }) => route.path);
      expect(ofOthers).toEqual([]);
      expect(ofOwn).toEqual(
        expect.arrayContaining([
          '/v1/customers',
          '/v1/customers/{code}',
          '/v1/customers/{code}/timeline',
          '/v1/lines',
          '/v1/lines/{lineKey}/explain',
          '/v1/lines/{lineKey}/users',
          '/v1/billing/{period}/items',
          '/v1/billing/{period}/items.csv',
          '/v1/billing/{period}/summary',
          '/v1/assignments',
          '/v1/mappings/customers/{code}',
          '/v1/connections/{id}/agreement-lines',
          '/v1/holds',
          '/v1/work-items',
          '/v1/work-items.csv',
        ]),
      );
    },
  );
});

describe('what exists elsewhere', () => {
  it('looks to another tenant like what does not exist, on every route: body, headers and work done', async () => {
    const { token } = await api.tenant('Third');
    const before = await stateOf(api);
    expect(onObjects().length).toBeGreaterThan(30);
    expect(await differences(token, known, onObjects())).toEqual([]);
    expect(await stateOf(api)).toBe(before);
  });

  it.each<Reach>([{ customerCodes: ['nobody'] }, { resellerCode: 'nobody' }])(
    'looks to reach %j like what does not exist, on every route',
    async (reach) => {
      const token = await api.token(SCOPES, reach);
      const before = await stateOf(api);
      expect(await differences(token, known, onObjects())).toEqual([]);
      expect(await stateOf(api)).toBe(before);
    },
  );

  it.each<Reach>([{ customerCodes: [customerCode] }, { resellerCode: 'R1' }])(
    'looks to reach %j like what does not exist when it is of another customer',
    async (reach) => {
      const token = await api.token(SCOPES, reach);
      const ofCustomers = onObjects().filter(({ parameters }) =>
        ['code', 'lineKey', 'key'].some((name) => parameters.includes(name)),
      );
      expect(ofCustomers.length).toBeGreaterThan(8);
      expect(await differences(token, other, ofCustomers)).toEqual([]);
    },
  );

  it('is absent for its own tenant when any one id of the path is not its own', async () => {
    const missing: unknown[] = [];
    for (const route of onObjects().filter((one) => !isMadeByNaming(one))) {
      for (const name of objectsIn(route)) {
        const { status } = await impressionOf(api, absentCall(route, known, name));
        if (status !== 404) missing.push([route.method, route.path, name, status]);
      }
    }
    expect(missing).toEqual([]);
  });
});
