import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StartedApi } from '../../test/started-api.js';
import type { Answer, Call } from '../../test/started-api.js';

let api: StartedApi;
beforeAll(async () => {
  api = await StartedApi.start();
});
afterAll(() => api.stop());
beforeEach(() => {
  api.now = new Date('2026-03-10T12:00:00Z');
});

const password = 'correct horse battery';
let count = 0;

interface Invited {
  id: string;
  email: string;
}

async function invited(roles: string[], more: object = {}): Promise<Invited & { invitation: string }> {
  const email = `p${(count += 1)}@acme.example`;
  const made = await api.call('/v1/people', { method: 'POST', body: { email, name: 'Ann', roles, ...more } });
  return { id: made.body.id, email, invitation: made.body.invitation.token };
}

const accept = (token: string, wanted = password) =>
  api.call('/v1/invitations/accept', { method: 'POST', token: null, body: { token, password: wanted } });
const signIn = (email: string, wanted = password, headers: Record<string, string> = {}) =>
  api.call('/v1/sessions', { method: 'POST', token: null, body: { email, password: wanted }, headers });

interface SignedIn extends Invited {
  cookie: string;
  csrfToken: string;
  sessionId: string;
}

async function signedIn(roles: string[], more: object = {}): Promise<SignedIn> {
  const person = await invited(roles, more);
  await accept(person.invitation);
  return { ...person, ...begun(await signIn(person.email)) };
}

function begun({ headers, body }: Answer) {
  return { cookie: headers.getSetCookie()[0]!.split(';')[0]!, csrfToken: body.csrfToken, sessionId: body.id };
}

const as = (who: Pick<SignedIn, 'cookie' | 'csrfToken'>, path: string, call: Call = {}) =>
  api.call(path, { token: null, ...call, headers: { cookie: who.cookie, 'x-csrf-token': who.csrfToken, ...call.headers } });

describe('people', () => {
  it('are invited, set a password, sign in, and act under their own name', async () => {
    const ann = await signedIn(['finance']);
    const me = await as(ann, '/v1/me');
    const guards = await as(ann, '/v1/guards', { method: 'PUT', body: [] });
    const [entry] = (await api.call('/v1/audit?limit=1')).body.data;
    expect(me.body).toMatchObject({ person: { id: ann.id, name: 'Ann', email: ann.email, roles: ['finance'] }, reach: 'tenant' });
    expect([guards.status, entry.action, entry.actor]).toEqual([200, 'guards.put', { kind: 'person', id: ann.id, name: 'Ann' }]);
  });

  it('are listed without anything secret', async () => {
    const { id, email } = await invited(['desk']);
    const { body, text } = await api.call('/v1/people?limit=1000');
    const shown = {
      id,
      email,
      name: 'Ann',
      roles: ['desk'],
      reach: 'tenant',
      hasPassword: false,
      createdAt: api.now.toISOString(),
    };
    expect(body.data).toContainEqual(shown);
    expect(text).not.toContain('argon2');
  });

  it('are given no more than the giver holds', async () => {
    const token = await api.token(['tokens:admin', 'billing:read'], { resellerCode: 'R1' });
    const post = (body: object) =>
      api.call('/v1/people', { method: 'POST', token, body: { email: 'x@y.example', name: 'X', ...body } });
    const higher = await post({ roles: ['desk', 'finance'] });
    const wider = await post({ roles: ['desk'], reach: 'tenant' });
    expect([higher.status, higher.body.errors[0].pointer]).toEqual([403, '/roles/1']);
    expect([wider.status, wider.body.errors[0].pointer]).toEqual([403, '/reach']);
  });

  it('are not taken over by those who hold less', async () => {
    const boss = await invited(['admin']);
    const token = await api.token(['tokens:admin', 'billing:read']);
    const answers = await Promise.all([
      api.call(`/v1/people/${boss.id}/invitation`, { method: 'POST', token }),
      api.call(`/v1/people/${boss.id}/roles`, { method: 'PUT', token, body: { roles: [] } }),
      api.call(`/v1/people/${boss.id}`, { method: 'DELETE', token }),
      api.call('/v1/tokens', { method: 'POST', token, body: { label: 'x', scopes: ['billing:read'], personId: boss.id } }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  });

  it('have an e-mail of their own', async () => {
    const { email } = await invited(['desk']);
    const again = await api.call('/v1/people', { method: 'POST', body: { email: email.toUpperCase(), name: 'B', roles: [] } });
    expect([again.status, again.body.code]).toEqual([409, 'conflict']);
  });

  it('lose with a role what their session and their tokens could do, within a second', async () => {
    const ann = await signedIn(['finance', 'admin']);
    const body = { label: 'mine', scopes: ['mapping:write', 'billing:read'] };
    const made = await as(ann, '/v1/tokens', { method: 'POST', body });
    const read = () => [
      as(ann, '/v1/audit'),
      api.call('/v1/mappings/products/none', { token: made.body.token, method: 'DELETE' }),
    ];
    expect((await Promise.all(read())).map(({ status }) => status)).toEqual([200, 404]);
    await api.call(`/v1/people/${ann.id}/roles`, { method: 'PUT', body: { roles: ['desk'] } });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect((await Promise.all(read())).map(({ status }) => status)).toEqual([403, 403]);
    expect(made.body.personId).toBe(ann.id);
  });

  it('are gone with their sessions and tokens within a second', async () => {
    const ann = await signedIn(['desk']);
    const body = { label: 'hers', scopes: ['billing:read'], personId: ann.id };
    const { token } = (await api.call('/v1/tokens', { method: 'POST', body })).body;
    expect((await api.call('/v1/me', { token })).body.person.id).toBe(ann.id);
    expect((await api.call(`/v1/people/${ann.id}`, { method: 'DELETE' })).status).toBe(204);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect([(await as(ann, '/v1/me')).status, (await api.call('/v1/me', { token })).status]).toEqual([401, 401]);
  });
});

describe('invitations', () => {
  it('are spent once, and replaced by the next', async () => {
    const { id, invitation } = await invited(['desk']);
    const next = await api.call(`/v1/people/${id}/invitation`, { method: 'POST' });
    const answers = [await accept(invitation), await accept(next.body.token), await accept(next.body.token)];
    expect(answers.map(({ status }) => status)).toEqual([422, 204, 422]);
  });

  it.each(['elevenchars', 'Password12345', 'Trueup#2026!'])(
    'take no password that is short or tried first: %s',
    async (wanted) => {
      const { invitation } = await invited(['desk']);
      const refused = await accept(invitation, wanted);
      expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, '/password']);
    },
  );
});

describe('signing in', () => {
  it('sets a cookie that scripts and other sites cannot use; without https only on this machine', async () => {
    const ann = await invited(['desk']);
    await accept(ann.invitation);
    const answer = await signIn(ann.email);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^trueup-session=trs_\w+; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  it('sets a cookie that only this host can set, and only over https, wherever the browser is elsewhere', async () => {
    const ann = await invited(['desk']);
    await accept(ann.invitation);
    const cookie = await cookieFor('trueup.example', ann.email);
    expect(cookie).toMatch(/^__Host-trueup=trs_\w+; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
  });

  it('answers alike to an unknown e-mail, a wrong password, and one that was never set', async () => {
    const [known, fresh] = [await signedIn(['desk']), await invited(['desk'])];
    const answers = [
      await signIn(known.email, 'wrong horse battery'),
      await signIn('nobody@acme.example'),
      await signIn(fresh.email),
    ];
    const seen = answers.map(({ status, body, headers }) => ({
      status,
      body: { ...body, requestId: '' },
      headers: [...headers.keys()].toSorted(),
      cookies: headers.getSetCookie(),
    }));
    expect(seen[0]).toMatchObject({ status: 401, body: { code: 'sign-in-refused' }, cookies: [] });
    expect([seen[1], seen[2]]).toEqual([seen[0], seen[0]]);
  });

  it('is refused after ten wrong passwords, with the right one too, known e-mail or not', async () => {
    const ann = await signedIn(['desk']);
    const tries = async (email: string) => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => signIn(email, 'wrong horse battery')));
      const last = await signIn(email);
      return [...answers.map(({ status }) => status), last.status, last.body.code];
    };
    const expected = [...Array.from({ length: 10 }, () => 401), 429, 'rate-limited'];
    expect(await tries(ann.email)).toEqual(expected);
    expect(await tries('nobody.else@acme.example')).toEqual(expected);
  });

  it('is not asked for by a page of another site', async () => {
    const ann = await signedIn(['desk']);
    const foreign = await signIn(ann.email, password, { origin: 'https://evil.example' });
    expect([foreign.status, foreign.body.code]).toEqual([403, 'cross-site-refused']);
  });

  it('leaves no password in the audit', async () => {
    await signedIn(['desk']);
    const { text, body } = await api.call('/v1/audit?action=sessions.post&limit=1');
    expect(body.data[0].details).toEqual({ body: { names: ['email', 'password'] } });
    expect(text).not.toContain('horse');
  });
});

describe('a session', () => {
  it('changes something only with its own token and from its own site', async () => {
    const ann = await signedIn(['finance']);
    const other = await signedIn(['finance']);
    const put = (headers: Record<string, string>) => as(ann, '/v1/guards', { method: 'PUT', body: [], headers });
    const answers = await Promise.all([
      api.call('/v1/guards', { method: 'PUT', body: [], token: null, headers: { cookie: ann.cookie } }),
      put({ 'x-csrf-token': other.csrfToken }),
      put({ origin: 'https://evil.example' }),
      put({ origin: 'null' }),
      put({ 'sec-fetch-site': 'cross-site' }),
      put({ origin: api.url }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 200]);
  });

  it('tells its token to a page that was loaded anew', async () => {
    const ann = await signedIn(['desk']);
    expect((await api.call('/v1/me', { token: null, headers: { cookie: ann.cookie } })).body.csrfToken).toBe(ann.csrfToken);
  });

  it('ends by signing out, and takes its cookie along', async () => {
    const ann = await signedIn(['desk']);
    const out = await as(ann, '/v1/sessions/current', { method: 'DELETE' });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect([out.status, out.headers.getSetCookie()[0]]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect(out.headers.get('clear-site-data')).toContain('"storage"');
    expect((await as(ann, '/v1/me')).status).toBe(401);
  });

  it('sees and ends the other sessions of its person, and nobody else’s', async () => {
    const [ann, bob] = [await signedIn(['desk']), await signedIn(['desk'])];
    const second = begun(await signIn(ann.email));
    const list = (await as(ann, '/v1/sessions')).body.data;
    const isCurrent = new Map(list.map((row: { id: string; isCurrent: boolean }) => [row.id, row.isCurrent]));
    expect(isCurrent).toEqual(
      new Map([
        [ann.sessionId, true],
        [second.sessionId, false],
      ]),
    );
    expect((await as(bob, `/v1/sessions/${ann.sessionId}`, { method: 'DELETE' })).status).toBe(404);
    expect((await as(second, `/v1/sessions/${ann.sessionId}`, { method: 'DELETE' })).status).toBe(204);
  });

  it('ends when it is left alone for half an hour', async () => {
    const ann = await signedIn(['desk']);
    api.now = new Date('2026-03-10T12:30:00Z');
    expect((await as(ann, '/v1/me')).status).toBe(401);
  });

  it('changes its person’s password against the present one; other sessions end', async () => {
    const ann = await signedIn(['desk']);
    const other = begun(await signIn(ann.email));
    const put = (currentPassword: string) =>
      as(ann, '/v1/me/password', { method: 'PUT', body: { currentPassword, password: 'staple battery horse' } });
    expect([(await put('wrong horse battery')).status, (await put(password)).status]).toEqual([422, 204]);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect([(await as(ann, '/v1/me')).status, (await as(other, '/v1/me')).status]).toEqual([200, 401]);
    expect([(await signIn(ann.email)).status, (await signIn(ann.email, 'staple battery horse')).status]).toEqual([401, 201]);
  });

  it('yields to a bearer token', async () => {
    const ann = await signedIn(['desk']);
    const token = await api.token(['billing:read']);
    expect((await api.call('/v1/me', { token, headers: { cookie: ann.cookie } })).body.label).toBe('test');
  });
});

describe('an operator', () => {
  it('ends all tokens of a tenant and hands out new ones', async () => {
    const made = (await api.call('/v1/tenants', { method: 'POST', body: { name: 'Leaky' } })).body;
    const rotated = await api.call(`/v1/tenants/${made.id}/rotate-tokens`, { method: 'POST' });
    const own = await api.call(`/v1/tenants/${api.tenantId}/rotate-tokens`, { method: 'POST' });
    const statuses = [made.tokens.admin, made.tokens.events, rotated.body.tokens.admin, rotated.body.tokens.events];
    const me = await Promise.all(statuses.map((token) => api.call('/v1/me', { token })));
    expect([rotated.status, own.status, ...me.map(({ status }) => status)]).toEqual([201, 409, 401, 401, 200, 200]);
  });
});

/** What signing in sets for a browser that knows the API under this name. */
async function cookieFor(host: string, email: string): Promise<string | undefined> {
  const asked = request(`${api.url}/v1/sessions`, { method: 'POST', headers: { host, 'content-type': 'application/json' } });
  asked.end(JSON.stringify({ email, password }));
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  return response.headers['set-cookie']?.[0];
}
