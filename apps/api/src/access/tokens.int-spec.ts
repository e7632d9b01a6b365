import { TokenVerifier } from '@trueup/access';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StartedApi } from '../../test/started-api.js';

let api: StartedApi;
beforeAll(async () => {
  api = await StartedApi.start();
});
afterAll(() => api.stop());

const post = (body: unknown, more: object = {}) => api.call('/v1/tokens', { method: 'POST', body, ...more });

describe('tokens over HTTP', () => {
  it('work once made, and show their secret only then', async () => {
    const made = await post({ label: 'ci', scopes: ['billing:read', 'tokens:admin'] });
    const me = await api.call('/v1/me', { token: made.body.token });
    const list = await api.call('/v1/tokens');
    expect(made.status).toBe(201);
    expect(me.body).toEqual({
      tokenId: made.body.id,
      label: 'ci',
      person: null,
      tenant: { id: api.tenantId, name: 'First' },
      scopes: ['billing:read', 'tokens:admin'],
      reach: 'tenant',
    });
    expect(list.body.data.map((row: { id: string }) => row.id)).toContain(made.body.id);
    expect(list.text).not.toContain(made.body.token);
  });

  it('stop within a second after deletion, also at another process', async () => {
    const made = await post({ label: 'short', scopes: ['billing:read'] });
    const elsewhere = new TokenVerifier(api.db, () => api.now);
    expect(await elsewhere.verify(made.body.token)).not.toBeNull();
    expect((await api.call('/v1/me', { token: made.body.token })).status).toBe(200);
    expect((await api.call(`/v1/tokens/${made.body.id}`, { method: 'DELETE' })).status).toBe(204);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await elsewhere.verify(made.body.token)).toBeNull();
    expect((await api.call('/v1/me', { token: made.body.token })).status).toBe(401);
  });

  it('are made once per Idempotency-Key, and the repeat shows no secret', async () => {
    const headers = { 'idempotency-key': 'key-1' };
    const body = { label: 'once', scopes: ['billing:read'] };
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(body, { headers })));
    const ids = new Set(answers.map((answer) => answer.body.id));
    const secrets = answers.filter((answer) => answer.body.token !== undefined);
    expect([answers.every((answer) => answer.status === 201), ids.size, secrets.length]).toEqual([true, 1, 1]);
    expect((await post({ ...body, label: 'other' }, { headers })).body).toMatchObject({
      status: 422,
      code: 'idempotency-mismatch',
    });
  });

  it('give away no more than their maker holds', async () => {
    const token = await api.token(['tokens:admin', 'billing:read'], { customerCodes: ['C1'] });
    const wider = await post({ label: 'x', scopes: ['mapping:write'] }, { token });
    const further = await post({ label: 'x', scopes: ['billing:read'], reach: 'tenant' }, { token });
    const within = await post({ label: 'x', scopes: ['billing:read'] }, { token });
    expect([wider.status, wider.body.errors[0].pointer]).toEqual([403, '/scopes/0']);
    expect([further.status, further.body.errors[0].pointer]).toEqual([403, '/reach']);
    expect([within.status, within.body.reach]).toEqual([201, { customerCodes: ['C1'] }]);
  });

  it('end at their expiry', async () => {
    const past = await post({ label: 'x', scopes: ['billing:read'], expiresAt: '2026-03-10T12:00:00Z' });
    const made = await post({ label: 'x', scopes: ['billing:read'], expiresAt: '2026-03-11T00:00:00Z' });
    const before = await api.call('/v1/me', { token: made.body.token });
    api.now = new Date('2026-03-11T00:00:00Z');
    const after = await api.call('/v1/me', { token: made.body.token });
    api.now = new Date('2026-03-10T12:00:00Z');
    expect([past.status, before.status, after.status]).toEqual([422, 200, 401]);
  });
});

describe('tenants', () => {
  it('get two working tokens and settings of their own', async () => {
    const made = await api.call('/v1/tenants', { method: 'POST', body: { name: 'Second' } });
    const { admin, events } = made.body.tokens;
    const settings = await api.call('/v1/settings/billing-period', { token: admin });
    const me = await api.call('/v1/me', { token: events });
    expect([made.status, settings.status, settings.body.closeDay, settings.body.liveFrom]).toEqual([
      201,
      200,
      'month-end',
      '2026-03-01',
    ]);
    expect(me.body.scopes).toEqual(['events:write']);
    expect((await api.call('/v1/tenants', { token: admin })).status).toBe(403);
  });
});
