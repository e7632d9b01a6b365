import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StartedApi } from '../../test/started-api.js';

let api: StartedApi;
beforeAll(async () => {
  api = await StartedApi.start();
});
afterAll(() => api.stop());

const address = '/v1/settings/billing-period';
const settings = { closeDay: 25, timeZone: 'Pacific/Auckland', graceHours: 2, liveFrom: '2026-02-26' };
const put = (body: unknown, query = '', token = api.adminToken) => api.call(`${address}${query}`, { method: 'PUT', body, token });

describe('the billing period', () => {
  it('shows what a change would bring before it is saved', async () => {
    const { token } = await api.tenant('Dry');
    const shown = await put(settings, '?dryRun=true', token);
    const stored = await api.call(address, { token });
    expect(shown.body.periods.map((period: { id: string }) => period.id)).toEqual(['2026-03-25', '2026-04-25', '2026-05-25']);
    expect(stored.body).toMatchObject({ closeDay: 'month-end', timeZone: 'UTC' });
  });

  it('is saved together with the commands of both owners', async () => {
    const { id, token } = await api.tenant('Saved');
    const saved = await put(settings, '', token);
    const told = await Promise.all(
      ['billing', 'control'].map((schema) => api.db.query(`select kind from ${schema}.command where tenant_id = $1`, [id])),
    );
    expect([saved.status, (await api.call(address, { token })).body]).toEqual([200, saved.body]);
    expect(told).toEqual([[{ kind: 'settings-changed' }], [{ kind: 'billing-period-changed' }]]);
  });

  it('refuses to go live inside a period for a connection that does not prorate, and names both dates', async () => {
    const { token } = await api.tenant('Strict');
    await api.call('/v1/connections', {
      method: 'POST',
      token,
      body: { kind: 'autotask', label: 'x', baseUrl: 'http://127.0.0.1:9' },
    });
    const refused = await put({ ...settings, liveFrom: '2026-03-01' }, '', token);
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, '/liveFrom']);
    expect(refused.body.errors[0].detail).toContain('2026-02-26 or 2026-03-26');
    expect((await put(settings, '', token)).status).toBe(200);
  });

  it.each([
    ['/closeDay', { closeDay: 32 }],
    ['/timeZone', { timeZone: 'Mars/Olympus' }],
    ['/liveFrom', { liveFrom: '2026-02-30' }],
    ['/graceHours', { graceHours: -1 }],
    ['/closesOn', { closesOn: 5 }],
  ])('names %s when it is wrong', async (pointer, wrong) => {
    const refused = await put({ ...settings, ...wrong });
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, pointer]);
  });
});
