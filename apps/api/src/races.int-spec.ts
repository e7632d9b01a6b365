import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { knownIds, password } from '../test/known-ids.js';
import type { KnownIds } from '../test/listed-routes.js';
import { StartedApi } from '../test/started-api.js';
import type { Answer, Call } from '../test/started-api.js';

const many = 50;
let api: StartedApi;
let known: KnownIds;
beforeAll(async () => {
  api = await StartedApi.start();
  known = await knownIds(api);
});
beforeEach(() => api.db.query('delete from access.sign_in_attempt'));
afterAll(() => api.stop());

const atOnce = (path: string, call: Call, count = many): Promise<Answer[]> =>
  Promise.all(Array.from({ length: count }, () => api.call(path, { method: 'POST', ...call })));
/** How many were carried out; of the others, those that were told neither why not nor to come again. */
const told = (answers: readonly Answer[], ...refusals: number[]) => ({
  done: answers.filter(({ status }) => status < 300).length,
  strange: answers.filter(({ status }) => status >= 300 && ![...refusals, 503].includes(status)).map(({ text }) => text),
});
const once = { done: 1, strange: [] };
const rows = async (table: string, condition = 'true') =>
  (await api.db.query<{ count: number }[]>(`select count(*)::int as count from ${table} where ${condition}`))[0]!.count;
const acts = (action: string) => rows('access.audit_entry', `action = '${action}'`);

describe('fifty identical requests at once', () => {
  const keyed: [string, string, object, string][] = [
    ['a token', '/v1/tokens', { label: 'fifty', scopes: ['billing:read'] }, 'access.token'],
    ['a connection', '/v1/connections', { kind: 'autotask', label: 'fifty' }, 'control.connection'],
    ['a person', '/v1/people', { email: 'fifty@acme.example', name: 'Fifty', roles: ['desk'] }, 'access.person'],
    ['a tenant', '/v1/tenants', { name: 'Fifty' }, 'access.tenant'],
  ];

  it.each(keyed)('with one Idempotency-Key make one: %s', async (what, path, body, table) => {
    const before = await rows(table);
    const answers = await atOnce(path, { body, headers: { 'idempotency-key': `fifty ${what}` } });
    const ids = new Set(answers.filter(({ status }) => status === 201).map((answer) => answer.body.id));
    expect(answers.filter(({ status }) => ![201, 409, 503].includes(status))).toEqual([]);
    expect([ids.size, (await rows(table)) - before]).toEqual([1, 1]);
    expect(answers.filter(({ body: { token, invitation } }) => token ?? invitation?.token).length).toBeLessThanOrEqual(1);
  });

  it('with one Idempotency-Key start one run', async () => {
    const before = await acts('runs.post');
    const body = { connectionId: known.connectionId, preview: true };
    const answers = await atOnce('/v1/runs', { body, headers: { 'idempotency-key': 'fifty runs' } });
    expect(answers.filter(({ status }) => ![202, 409, 503].includes(status))).toEqual([]);
    expect((await acts('runs.post')) - before).toBe(1);
  });

  it('without a key make one person of one e-mail', async () => {
    const body = { email: 'once@acme.example', name: 'Once', roles: [] };
    expect(told(await atOnce('/v1/people', { body }), 409)).toEqual(once);
  });

  it('spend an invitation once', async () => {
    const { body: person } = await api.call('/v1/people', {
      method: 'POST',
      body: { email: 'inv@acme.example', name: 'I', roles: [] },
    });
    const body = { token: person.invitation.token, password };
    const answers = await atOnce('/v1/invitations/accept', { token: null, body }, 20);
    expect(told(answers, 422)).toEqual(once);
  });

  it('delete a token once', async () => {
    const made = await api.call('/v1/tokens', { method: 'POST', body: { label: 'gone', scopes: ['billing:read'] } });
    const before = await acts('tokens.delete');
    const answers = await atOnce(`/v1/tokens/${made.body.id}`, { method: 'DELETE' });
    expect([told(answers, 404), (await acts('tokens.delete')) - before]).toEqual([once, 1]);
  });

  it('remove a person once', async () => {
    const { body } = await api.call('/v1/people', { method: 'POST', body: { email: 'rem@acme.example', name: 'R', roles: [] } });
    expect(told(await atOnce(`/v1/people/${body.id}`, { method: 'DELETE' }), 404)).toEqual(once);
  });

  it('undo an import once', async () => {
    const answers = await atOnce(`/v1/mappings/imports/${known.importId}/undo`, {});
    expect(told(answers, 404, 409, 422)).toEqual(once);
  });

  it('decide a hold once', async () => {
    const before = await acts('holds.release.post');
    const answers = await atOnce(`/v1/holds/${known.holdId}/release`, { body: { note: 'all at once' } });
    expect(told(answers, 404, 409)).toEqual(once);
    expect((await acts('holds.release.post')) - before).toBe(1);
  });

  it('confirm a work item once', async () => {
    const body = { quantity: '3', date: '2026-03-10', note: 'all at once' };
    const answers = await atOnce(`/v1/work-items/${known.workItemId}/done`, { body });
    expect(told(answers, 404, 409)).toEqual(once);
  });

  it('decide a quarantined record once', async () => {
    const decide = (choice: string) =>
      atOnce(`/v1/quarantine/${known.quarantineId}/${choice}`, { body: { note: 'x' } }, many / 2);
    const answers = (await Promise.all([decide('release'), decide('discard')])).flat();
    expect(told(answers, 409)).toEqual(once);
  });

  it('are let through to a password ten times', async () => {
    const body = { email: known.email, password: 'not the password' };
    const answers = await atOnce('/v1/sessions', { token: null, body });
    expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(10);
    expect(told(answers, 401, 429)).toEqual({ done: 0, strange: [] });
  });

  it('leave the chain of the audit whole', async () => {
    expect((await api.call('/v1/audit/verify')).body).toMatchObject({ isWhole: true });
  });
});
