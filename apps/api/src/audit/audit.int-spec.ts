import type { AuditEntry } from '@trueup/access';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptableCall } from '../../test/acceptable-call.js';
import { knownIds } from '../../test/known-ids.js';
import { listedRoutes } from '../../test/listed-routes.js';
import type { KnownIds, ListedRoute } from '../../test/listed-routes.js';
import { StartedApi } from '../../test/started-api.js';

let api: StartedApi;
let known: KnownIds;
let acts: ListedRoute[];

beforeAll(async () => {
  api = await StartedApi.start();
  known = await knownIds(api);
  acts = (await listedRoutes(api)).filter(({ method }) => method !== 'GET');
});
afterAll(() => api.stop());

/** What takes things away comes last, the connection last of all. */
function inOrder(routes: readonly ListedRoute[]): ListedRoute[] {
  const rank = ({ method, path }: ListedRoute) =>
    (method === 'DELETE' ? 1 : 0) + (path === '/v1/connections/{id}' ? 1 : 0) - (path === '/v1/invitations/accept' ? 1 : 0);
  return routes.toSorted((a, b) => rank(a) - rank(b));
}

/** A quarantined record is decided about once; the next route to decide about it finds it waiting again. */
async function openAgain({ path }: ListedRoute): Promise<void> {
  if (path.startsWith('/v1/quarantine/')) await api.db.query(`update billing.quarantine set state = 'waiting'`);
}

const entryOf = async (requestId: string) => {
  const { body } = await api.call('/v1/audit?limit=1000');
  return body.data.filter((entry: { requestId: string }) => entry.requestId === requestId);
};

describe('the audit', () => {
  it('goes over every route that is no reading, and few of them are public', () => {
    const isPublic = acts.filter((route) => route.isPublic).map(({ method, path }) => `${method} ${path}`);
    expect([acts.length > 25, isPublic]).toEqual([true, ['POST /v1/invitations/accept', 'POST /v1/sessions']]);
  });

  it('has one entry of every act that a route carries out, whichever route it is', async () => {
    const told: unknown[] = [];
    for (const route of inOrder(acts)) {
      await openAgain(route);
      const { path, ...call } = acceptableCall(route, known);
      const answer = await api.call(path, call);
      const entries = await entryOf(answer.headers.get('x-request-id')!);
      told.push([route.method, route.path, answer.status < 300 ? 'done' : answer.text, entries.length]);
    }
    expect(told).toEqual(inOrder(acts).map(({ method, path }) => [method, path, 'done', 1]));
  });

  it('tells who did what to what, when and by which request', async () => {
    const token = await api.token(['connections:admin']);
    const id = await api.connection(token);
    const headers = { 'x-request-id': 'my-request' };
    await api.call(`/v1/connections/${id}`, { method: 'PATCH', body: { label: 'New name' }, token, headers });
    const [entry] = await entryOf('my-request');
    expect(entry).toEqual({
      seq: expect.any(Number),
      at: api.now.toISOString(),
      actor: { kind: 'token', id: expect.stringMatching(/^tok_/), name: 'test' },
      action: 'connections.patch',
      subject: { id },
      details: { body: { label: 'New name' } },
      requestId: 'my-request',
    });
  });

  it('names the id of what was made, and the names of secrets without their values', async () => {
    const id = await api.connection();
    const canary = 'canary-8c1f';
    await api.call(`/v1/connections/${id}/secrets`, { method: 'PUT', body: { Secret: canary, UserName: canary } });
    const body = { label: 'x', scopes: ['billing:read'] };
    const made = await api.call('/v1/tokens', { method: 'POST', body });
    const { text, body: list } = await api.call('/v1/audit?limit=3');
    expect(list.data.map(({ action, subject }: Record<string, unknown>) => [action, subject])).toEqual([
      ['tokens.post', { id: made.body.id }],
      ['connections.secrets.put', { id }],
      ['connections.post', { id }],
    ]);
    expect(list.data[1].details).toEqual({ body: { names: ['Secret', 'UserName'] } });
    expect([text.includes(canary), text.includes(made.body.token)]).toEqual([false, false]);
  });

  it('has no entry of what was refused, only tried, or answered again', async () => {
    const count = async () => (await api.call('/v1/audit/verify')).body.entries;
    const headers = { 'idempotency-key': 'audit-1' };
    const body = { label: 'once', scopes: ['billing:read'] };
    await api.call('/v1/tokens', { method: 'POST', body, headers });
    const before = await count();
    await api.call('/v1/tokens', { method: 'POST', body, headers });
    await api.call('/v1/tokens', { method: 'POST', body: { ...body, scopes: ['no:scope'] } });
    await api.call('/v1/tokens/tok_absent', { method: 'DELETE' });
    const settings = { closeDay: 25, timeZone: 'UTC', graceHours: 1 };
    await api.call('/v1/settings/billing-period?dryRun=true', { method: 'PUT', body: settings });
    await api.call('/v1/guards', { method: 'PUT', body: [{ scope: {}, kind: 'floor', value: 'no number' }] });
    expect(await count()).toBe(before);
  });

  it('is read page by page, and by actor, action and time', async () => {
    const all = (await api.call('/v1/audit?limit=1000')).body.data;
    const first = await api.call('/v1/audit?limit=2');
    const second = await api.call(`/v1/audit?limit=2&cursor=${first.body.nextCursor}`);
    expect([...first.body.data, ...second.body.data]).toEqual(all.slice(0, 4));
    const narrowed = await api.call(`/v1/audit?action=tokens.post&actor=${all[0].actor.id}&limit=1000`);
    expect(narrowed.body.data).toEqual(
      all.filter((entry: AuditEntry) => entry.action === 'tokens.post' && entry.actor.id === all[0].actor.id),
    );
    expect((await api.call('/v1/audit?from=2030-01-01T00:00:00Z')).body.data).toEqual([]);
  });

  it('is each tenant its own', async () => {
    const { token } = await api.tenant('Second');
    expect((await api.call('/v1/audit', { token })).body.data).toEqual([]);
    expect((await api.call('/v1/audit/verify', { token })).body).toEqual({
      isWhole: true,
      entries: 0,
      anchoredTo: 0,
      firstFault: null,
    });
  });

  it('names the first entry that was changed behind its back', async () => {
    await api.db.query(
      "begin; set local session_replication_role = replica; update access.audit_entry set actor_id = 'x' where seq = 3; commit",
    );
    expect((await api.call('/v1/audit/verify')).body).toMatchObject({ isWhole: false, entries: 2, firstFault: { seq: 3 } });
  });
});
