import { randomBytes } from 'node:crypto';
import { assigned, call, everythingKept, type Kept, Msp, type Scene, SERVICE } from '@trueup/testing/product';
import { beforeAll, describe, expect, it } from 'vitest';
import { scene } from './scene.js';

/** Something that nobody may find again, by what it is. */
const canaries = new Map<string, string>();
const planted = `planted-${randomBytes(8).toString('hex')}`;
let stage: Scene;
let kept: Kept[] = [];

const canary = (what: string, value = `Canary-${randomBytes(12).toString('hex')}`): string => {
  canaries.set(what, value);
  return value;
};

/** Everything that the API answers, whether asked well or badly. */
const answers: Kept[] = [];
async function ask(
  method: string,
  path: string,
  { token, body, headers = {} }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
) {
  const { apiUrl } = stage.runtime.endpoints;
  const answer = await fetch(`${apiUrl}/v1${path}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, bytes, headers: answer.headers, place: `answer of ${method} ${path} (${answer.status})` };
}
/** Asks, and keeps the answer for the search: no secret is to be in it. */
const askAndKeep = async (...request: Parameters<typeof ask>): Promise<void> => void answers.push(await ask(...request));
const told = async <T>(...request: Parameters<typeof ask>): Promise<T> =>
  JSON.parse((await ask(...request)).bytes.toString()) as T;

async function signPeopleIn(admin: string): Promise<void> {
  const email = `${planted}@acme.example`;
  const made = await told<{ id: string; invitation: { token: string } }>('POST', '/people', {
    token: admin,
    body: { email, name: 'Ann', roles: ['admin'] },
  });
  const password = canary('a password');
  await askAndKeep('POST', '/invitations/accept', {
    body: { token: canary('a spent invitation', made.invitation.token), password },
  });
  await askAndKeep('POST', '/invitations/accept', { body: { token: made.invitation.token, password } });
  const open = await told<{ token: string }>('POST', `/people/${made.id}/invitation`, { token: admin });
  canary('an open invitation', open.token);
  const signedIn = await ask('POST', '/sessions', { body: { email, password } });
  const cookie = signedIn.headers.getSetCookie()[0]!.split(';')[0]!;
  canary('a session', cookie.split('=')[1]!);
  const { csrfToken } = JSON.parse(signedIn.bytes.toString()) as { csrfToken: string };
  canary("a session's token of its pages", csrfToken);
  await askAndKeep('GET', '/sessions', { headers: { cookie } });
  await askAndKeep('PUT', '/me/password', {
    headers: { cookie, 'x-csrf-token': csrfToken },
    body: { currentPassword: canary('a wrong present password'), password: canary('a refused new password') },
  });
  await askAndKeep('POST', '/sessions', { body: { email, password: canary('a wrong password') } });
  await askAndKeep('POST', '/sessions', { body: { email: canary('a password in the field of the e-mail'), password: 'x' } });
}

async function makeTokens(admin: string): Promise<void> {
  const body = { label: planted, scopes: ['billing:read', 'events:write'] };
  const made = await told<{ id: string; token: string }>('POST', '/tokens', { token: admin, body });
  canary('a token', made.token);
  await askAndKeep('GET', '/me', { token: made.token });
  await askAndKeep('DELETE', '/connections/x', { token: made.token });
  const gone = await told<{ id: string; token: string }>('POST', '/tokens', { token: admin, body });
  await ask('DELETE', `/tokens/${gone.id}`, { token: admin });
  await askAndKeep('GET', '/lines', { token: canary('a deleted token', gone.token) });
  await askAndKeep('GET', '/lines', { token: canary('a token of nobody', `tru_${randomBytes(16).toString('hex')}_abcdef`) });
}

/** A connection with secrets that the PSA refuses: their way goes through every fault there is. */
async function refusedConnection(admin: string): Promise<void> {
  const { url } = stage.msp.sandbox;
  const { id } = await told<{ id: string }>('POST', '/connections', {
    token: admin,
    body: { kind: 'autotask', label: planted, baseUrl: url },
  });
  const secrets = {
    UserName: canary('a user of the PSA'),
    Secret: canary('a secret of the PSA'),
    ApiIntegrationCode: canary('a code of the PSA'),
  };
  await askAndKeep('PUT', `/connections/${id}/secrets`, { token: admin, body: secrets });
  await askAndKeep('PUT', `/connections/${id}/secrets`, {
    token: admin,
    body: { ...secrets, Secret: [canary('a secret in a list')] },
  });
  await askAndKeep('PUT', `/connections/${id}/secrets`, { token: admin, body: { Unknown: canary('an unknown secret') } });
  await askAndKeep('POST', `/connections/${id}/check`, { token: admin });
  await askAndKeep('GET', `/connections/${id}`, { token: admin });
}

beforeAll(async () => {
  stage = await scene(`Canaries ${planted}`);
  const { msp, runtime, customers, now } = stage;
  const { admin, events } = msp.tokens;
  canary('the admin token', admin);
  canary('the token of events', events);
  const other = await Msp.create(runtime, 'Canaries, second');
  canary('the admin token of another', other.tokens.admin);
  await signPeopleIn(admin);
  await makeTokens(admin);
  await refusedConnection(admin);
  await msp.post([assigned(customers[0]!.code, planted, SERVICE, now.toISOString())]);
  await call('POST', `${runtime.endpoints.ingestUrl}/v1/events`, {
    token: canaries.get('a deleted token')!,
    body: {},
    expect: 401,
  });
  await runtime.settled();
  const lists = [
    '/lines',
    '/people',
    '/tokens',
    '/audit?limit=1000',
    '/connections',
    '/runs',
    '/billing/current/items.csv',
    '/billing/current/items',
    '/work-items.csv',
    '/quarantine',
  ];
  for (const list of lists) await askAndKeep('GET', list, { token: admin });
  await askAndKeep('GET', '/lines', { headers: { 'x-request-id': planted } });
  kept = [...(await everythingKept(runtime)), ...answers];
});

/** The forms in which a text can be kept without being hidden. */
const formsOf = (text: string): string[] => {
  const bytes = Buffer.from(text);
  return [
    text,
    encodeURIComponent(text),
    bytes.toString('hex'),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
  ];
};
const placesOf = (text: string): string[] => [
  ...new Set(kept.filter(({ bytes }) => formsOf(text).some((form) => bytes.includes(form))).map(({ place }) => place)),
];

describe('after everything was used, and misused', () => {
  it('the search finds what was planted in logs, topics, tables, audit, exports and answers', () => {
    const places = placesOf(planted);
    expect(places).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^log api/),
        'topic provisioning.events.v1',
        'topic billing.line-targets.v1',
        'table billing.event',
        'table access.person',
        'table access.audit_entry',
        expect.stringMatching(/^answer of GET \/billing\/current\/items\.csv \(200\)/),
        expect.stringMatching(/^answer of GET \/lines \(401\)/),
      ]),
    );
    expect(kept.filter(({ place }) => /^(metrics|redis)/.test(place)).length).toBeGreaterThan(4);
  });

  it('no token, session, invitation, password or secret of a PSA is found anywhere', () => {
    const found = [...canaries].map(([what, value]) => [what, placesOf(value)]).filter(([, places]) => places!.length > 0);
    expect(canaries.size).toBeGreaterThan(17);
    expect(found).toEqual([]);
  });
});
