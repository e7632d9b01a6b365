import { SCOPES } from '@trueup/contracts';
import type { Scope } from '@trueup/contracts';
import { recordListPart, requestLists } from '@trueup/control';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerCode, fillTenant, mark } from '../test/filled-tenant.js';
import type { FilledTenant } from '../test/filled-tenant.js';
import { holdLine } from '../test/held-line.js';
import { StartedApi } from '../test/started-api.js';
import type { Answer } from '../test/started-api.js';

interface Route {
  method: string;
  path: string;
  scopes: string[];
}

let api: StartedApi;
let filled: FilledTenant;
let holdId: string;
let routes: Route[];

beforeAll(async () => {
  api = await StartedApi.start();
  filled = await fillTenant(api);
  holdId = await holdLine(api, filled);
  await listPsa();
  const { body } = await api.call('/v1/openapi.json', { token: null });
  routes = Object.entries<Record<string, { security: Record<string, string[]>[] }>>(body.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, operation]) => operation.security[0]!['bearer'])
      .map(([method, operation]) => ({ method: method.toUpperCase(), path, scopes: operation.security[0]!['bearer']! })),
  );
});
afterAll(() => api.stop());

/** The PSA of the filled tenant has told what it has. */
async function listPsa(): Promise<void> {
  const place = { tenantId: api.tenantId, connectionId: filled.connectionId };
  await requestLists(api.db, place.tenantId, place.connectionId);
  const accounts = [{ ref: '174', name: `${mark} account` }];
  const list = { part: 1, parts: 1, readAt: api.now.toISOString(), accounts, products: [] };
  await recordListPart(api.db, { ...place, number: 1, list });
}

function idOf(path: string): string {
  if (path.startsWith('/v1/runs')) return filled.runId;
  if (path.startsWith('/v1/tokens')) return filled.tokenId;
  if (path.startsWith('/v1/periods')) return '2026-03-31';
  if (path.startsWith('/v1/mappings/imports')) return filled.importId;
  if (path.startsWith('/v1/operations')) return filled.operationId;
  if (path.startsWith('/v1/quarantine')) return filled.quarantineId;
  if (path.startsWith('/v1/holds')) return holdId;
  return filled.connectionId;
}

/** Fills an address with ids that exist in the first tenant. */
function addressOf(path: string, absent = ''): string {
  const values: Record<string, string> = {
    '{id}': idOf(path),
    '{key}': filled.agreementLineKey,
    '{lineKey}': filled.lineKey,
    '{code}': customerCode,
    '{sku}': filled.sku,
    '{serviceCode}': mark,
    '{period}': 'current',
  };
  const query = asksByQuery(path) ? `?connectionId=${filled.connectionId}${absent}` : '';
  const filledIn = path.replace(/\{\w+\}/g, (name) =>
    encodeURIComponent(values[name]! + (/period|periods/.test(name + path) ? '' : absent)),
  );
  return filledIn + query;
}

/** The object is named by a parameter in place of a segment. */
const asksByQuery = (path: string) => path === '/v1/mappings/suggestions';
const reads = () => routes.filter((route) => route.method === 'GET');
/** Routes that name something of one tenant; the others exist for every tenant. */
const namesAnObject = (path: string) => asksByQuery(path) || (/\{(?!period)/.test(path) && !path.startsWith('/v1/periods'));
const withoutRequestId = ({ status, body }: Answer) => ({ status, ...body, requestId: undefined });

describe('every GET route', () => {
  it('answers the tenant itself', async () => {
    const answers = await Promise.all(reads().map(async ({ path }) => [path, (await api.call(addressOf(path))).status]));
    expect(answers.length).toBeGreaterThan(20);
    expect(answers.filter(([, status]) => status !== 200)).toEqual([]);
  });

  it('shows another tenant nothing, and nothing different from what is absent', async () => {
    const { token } = await api.tenant('Second');
    for (const { path } of reads().filter((route) => route.path !== '/v1/tenants')) {
      const foreign = await api.call(addressOf(path), { token });
      expect([path, foreign.text.includes(mark)]).toEqual([path, false]);
      if (!namesAnObject(path)) continue;
      const absent = await api.call(addressOf(path, 'x'), { token });
      expect([path, withoutRequestId(foreign)]).toEqual([path, withoutRequestId(absent)]);
      expect([path, foreign.status]).toEqual([path, 404]);
    }
  });

  it.each([{ customerCodes: ['other'] }, { resellerCode: 'other' }])(
    'shows a token of reach %j nothing of other customers',
    async (reach) => {
      const token = await api.token(SCOPES, reach);
      for (const { path } of reads().filter((route) => !['/v1/tenants', '/v1/me'].includes(route.path))) {
        const answer = await api.call(addressOf(path), { token });
        expect([path, answer.text.includes(mark), answer.status < 500]).toEqual([path, false, true]);
        const isListOfConnection = path === '/v1/connections/{id}/agreement-lines';
        if (namesAnObject(path) && !isListOfConnection) expect([path, answer.status]).toEqual([path, 404]);
      }
    },
  );

  it.each([{ customerCodes: [customerCode] }, { resellerCode: 'R1' }])(
    'shows a token of reach %j its own customer',
    async (reach) => {
      const token = await api.token(SCOPES, reach);
      const paths = [
        '/v1/customers/{code}',
        '/v1/lines/{lineKey}',
        '/v1/lines/{lineKey}/explain',
        '/v1/billing/{period}/items',
        '/v1/lines',
        '/v1/mappings/customers/{code}',
      ];
      const answers = await Promise.all(paths.map((path) => api.call(addressOf(path), { token })));
      expect(
        answers.map((answer) => [answer.status, answer.text.includes(mark) || answer.text.includes(filled.lineKey)]),
      ).toEqual(paths.map(() => [200, true]));
    },
  );
});

describe('every writing route', () => {
  /** Acceptable bodies, so that only the token decides. */
  const bodyOf = (method: string, path: string): unknown => {
    const validFrom = '2026-03-01';
    const bodies: Record<string, unknown> = {
      secrets: { Secret: 'x' },
      mode: { mode: 'observe' },
      resolve: { choice: 'exclude', reason: 'stolen', from: validFrom },
      release: { note: 'stolen' },
      discard: { note: 'stolen' },
      '{code}': [{ connectionId: filled.connectionId, billingIdentifier: 'stolen', validFrom }],
      '{sku}': [{ connectionId: filled.connectionId, psaProductRef: 'stolen', validFrom }],
      '{serviceCode}': { rows: [{ planCode: null, sku: 'stolen', validFrom }] },
    };
    if (method === 'DELETE') return undefined;
    return method === 'PATCH' ? { label: 'stolen' } : bodies[path.split('/').at(-1)!];
  };
  const writes = () => routes.filter(({ method, path }) => method !== 'GET' && namesAnObject(path));

  it('finds no object of another tenant', async () => {
    const { token } = await api.tenant('Third');
    for (const { method, path } of writes().filter((route) => route.path.includes('{id}'))) {
      const answer = await api.call(addressOf(path), { method, token, body: bodyOf(method, path) });
      expect([method, path, answer.status]).toEqual([method, path, 404]);
    }
    expect((await api.call(`/v1/connections/${filled.connectionId}`)).body.label).toBe('Sandbox');
    expect((await api.call('/v1/tokens')).text).toContain(filled.tokenId);
  });

  it.each([{ customerCodes: ['other'] }, { resellerCode: 'other' }])('changes nothing for a token of reach %j', async (reach) => {
    const token = await api.token(SCOPES, reach);
    for (const { method, path } of writes()) {
      const answer = await api.call(addressOf(path), { method, token, body: bodyOf(method, path) });
      expect([method, path, answer.status]).toEqual([method, path, answer.status === 403 ? 403 : 404]);
    }
    expect((await api.call('/v1/tokens')).text).toContain(filled.tokenId);
    expect((await api.call(addressOf('/v1/mappings/customers/{code}'))).text).not.toContain('stolen');
  });
});

describe('every route', () => {
  it('asks for a token', async () => {
    for (const { method, path } of routes) {
      const [none, wrong] = [
        await api.call(addressOf(path), { method, token: null }),
        await api.call(addressOf(path), { method, token: 'tru_wrong' }),
      ];
      expect([method, path, none.status, wrong.status]).toEqual([method, path, 401, 401]);
      expect(none.headers.get('www-authenticate')).toBe('Bearer realm="trueup"');
      expect(wrong.headers.get('www-authenticate')).toContain('invalid_token');
    }
  });

  it('asks for its scope', async () => {
    const tokens = new Map<string, string>();
    for (const scope of SCOPES) tokens.set(scope, await api.token(SCOPES.filter((one) => one !== scope) as Scope[]));
    for (const { method, path, scopes } of routes.filter((route) => route.scopes.length > 0)) {
      const answer = await api.call(addressOf(path), { method, token: tokens.get(scopes[0]!) });
      expect([method, path, answer.status, answer.body.code]).toEqual([method, path, 403, 'missing-scope']);
    }
  });
});
