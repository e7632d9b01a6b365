import { SCOPES } from '@trueup/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptableCall } from '../test/acceptable-call.js';
import { operationsOf, readDocument } from '../test/document-operations.js';
import { customerCode, mark } from '../test/filled-tenant.js';
import { knownIds } from '../test/known-ids.js';
import { listedRoutes } from '../test/listed-routes.js';
import type { KnownIds, ListedRoute } from '../test/listed-routes.js';
import { namingPlaces } from '../test/naming-places.js';
import type { NamingPlace } from '../test/naming-places.js';
import { withValueAt } from '../test/schema-places.js';
import { StartedApi } from '../test/started-api.js';
import type { Call } from '../test/started-api.js';
import { absentOf, stateOf } from '../test/told-apart.js';

const document = readDocument('openapi.json');
const { places, unknown } = namingPlaces(document);
let api: StartedApi;
let known: KnownIds;
let routes: ListedRoute[];
let stranger: { id: string; token: string; connectionId: string };

beforeAll(async () => {
  api = await StartedApi.start();
  known = await knownIds(api);
  routes = await listedRoutes(api);
  const { id, token } = await api.tenant('Stranger');
  stranger = { id, token, connectionId: await api.connection(token) };
});
afterAll(() => api.stop());

/** What such a place names in the filled tenant. */
function valueOf(name: string): string {
  const values: Record<string, string> = {
    id: known.agreementLineKey,
    tenantId: api.tenantId,
    connectionId: known.connectionId,
    personId: known.personId,
    agreementLineKey: known.agreementLineKey,
    customerCode,
    customerCodes: customerCode,
    customer: customerCode,
    resellerCode: 'R1',
    sku: known.sku,
    service: mark,
    user: 'u1',
    actor: known.tokenId,
  };
  return values[name] ?? mark;
}

/** The route's good call by `token`, with its own connection, with `value` at the place. */
function callWith(place: NamingPlace, value: string, token: string): Call & { path: string } {
  const route = routes.find(({ method, path }) => `${method} ${path}` === place.operation.name)!;
  const ids = token === stranger.token ? { ...known, connectionId: stranger.connectionId } : known;
  const { headers: _session, ...call } = acceptableCall(route, ids);
  // Whoever knows the password is the person; everybody else must not learn where it has an account.
  if (route.path === '/v1/sessions') call.body = { ...(call.body as object), password: 'not the password' };
  if (place.in === 'body') return { ...call, token: tokenFor(route, token), body: withValueAt(call.body, place.path, value) };
  const [path = '', query = ''] = call.path.split('?');
  const given = new URLSearchParams(query);
  given.set(place.name, value);
  return { ...call, token: tokenFor(route, token), path: `${path}?${given}` };
}

const tokenFor = ({ isPublic }: ListedRoute, token: string) => (isPublic ? null : token);

/** What the caller sees, but for what is new in every answer and for the value that it gave itself. */
async function seenBy(token: string, place: NamingPlace, value: string) {
  const { path, ...call } = callWith(place, value, token);
  await api.db.query('delete from access.sign_in_attempt');
  const { status, text, body } = await api.call(path, call);
  const same = text
    .replaceAll(JSON.stringify(value).slice(1, -1), '<value>')
    .replaceAll(/\b[a-z]{2,4}_[0-9a-f-]{30,}|\btr[usi]_\w+|\breq_[\w-]+/g, '<new>');
  // A workbook holds the time of day in its binary form.
  if (path.includes('.xlsx')) return { status, same: text.length };
  return { status, code: (body as { code?: string } | null)?.code, same };
}

/** Places where the caller can tell what exists from what does not. Asked twice each, so that a first time is no difference. */
async function differences(token: string, wanted: readonly NamingPlace[]): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const place of wanted) {
    const existing = valueOf(place.name);
    const absent = `${absentOf(existing)}`;
    for (const value of [existing, absent]) await seenBy(token, place, value);
    const [seen, unseen] = [await seenBy(token, place, existing), await seenBy(token, place, absent)];
    if (JSON.stringify(seen) !== JSON.stringify(unseen) || seen.status >= 500)
      found.push([place.operation.name, place.path.join('/'), seen, unseen]);
  }
  return found;
}

/** Connectors have routes of their own; only an operator makes tenants. */
const isAsked = ({ operation }: NamingPlace) => routes.some(({ method, path }) => `${method} ${path}` === operation.name);

describe('every operation of the document', () => {
  it('is one that the tests go over, or one of the connectors', () => {
    const listed = new Set(routes.map(({ method, path }) => `${method} ${path}`));
    const missed = operationsOf(document).filter(({ name }) => !listed.has(name));
    expect(missed.map(({ name }) => name)).toEqual(['GET /internal/v1/connections']);
  });

  it('has no query and no member of a body of which nobody said whether it names something', () => {
    expect(unknown).toEqual([]);
  });

  it('has a value in the filled tenant for every id of its path', () => {
    const addresses = routes.map((route) => acceptableCall(route, known).path);
    expect(addresses.filter((address) => /no(%20| )(value|id)/.test(address))).toEqual([]);
    expect(routes.flatMap(({ parameters }) => parameters).length).toBeGreaterThan(45);
  });
});

describe('what a query or a body names', () => {
  it('looks to another tenant like what does not exist, at every place, and stays as it is', async () => {
    const before = await stateOf(api);
    const wanted = places.filter(isAsked);
    expect(wanted.length).toBeGreaterThan(50);
    expect(await differences(stranger.token, wanted)).toEqual([]);
    expect(await stateOf(api)).toBe(before);
  });

  it.each([{ customerCodes: ['nobody'] }, { resellerCode: 'nobody' }])(
    'looks to reach %j like what does not exist, at every place',
    async (reach) => {
      const reading = places.filter((place) => isAsked(place) && place.operation.method === 'GET');
      expect(reading.length).toBeGreaterThan(25);
      expect(await differences(await api.token(SCOPES, reach), reading)).toEqual([]);
    },
  );

  it('is found by its own tenant, so that the tests above can fail', async () => {
    const own: unknown[] = [];
    for (const place of places.filter((one) => isAsked(one) && one.operation.method === 'GET')) {
      const [seen, unseen] = [valueOf(place.name), absentOf(valueOf(place.name))].map((value) =>
        seenBy(api.adminToken, place, value),
      );
      if (JSON.stringify(await seen) !== JSON.stringify(await unseen)) own.push(place.operation.name);
    }
    expect(new Set(own).size).toBeGreaterThan(8);
  });
});

describe('the cursor of another tenant', () => {
  it('leads to nothing of that tenant, in every list', async () => {
    const lists = routes.filter(({ method, path }) => {
      const { parameters = [] } = document.paths[path]![method.toLowerCase()]!;
      return method === 'GET' && parameters.some(({ name }) => name === 'cursor');
    });
    const { token } = await api.tenant('Onlooker');
    const seen: unknown[] = [];
    for (const route of lists) {
      const { path } = acceptableCall(route, known);
      const page = await api.call(`${path}${path.includes('?') ? '&' : '?'}limit=1`);
      const cursor = encodeURIComponent((page.body?.nextCursor as string | null) ?? Buffer.from('["0"]').toString('base64url'));
      const { text, status } = await api.call(`${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`, {
        token,
      });
      if (text.includes(mark) || status >= 500) seen.push([path, status, text]);
    }
    expect(lists.length).toBeGreaterThan(18);
    expect(seen).toEqual([]);
  });
});
