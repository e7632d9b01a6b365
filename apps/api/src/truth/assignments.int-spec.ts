import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerCode, event, fillTenant, mark, project } from '../../test/filled-tenant.js';
import { StartedApi } from '../../test/started-api.js';
import { assignmentsPage } from './assignments-controller.js';

let api: StartedApi;
beforeAll(async () => {
  api = await StartedApi.start();
  await fillTenant(api);
  api.now = new Date('2026-03-12T12:00:00Z');
  const seat = { userCode: 'u1', serviceCode: mark };
  await project(api, [event('e4', '2026-03-06T00:00:00Z', 'user.service.removed', seat)]);
});
afterAll(() => api.stop());

const page = async (query: string, token = api.adminToken) => (await api.call(`/v1/assignments?${query}`, { token })).body;
const users = async (query: string, token?: string) =>
  (await page(query, token)).data.map((row: { userCode: string }) => row.userCode);

describe('what was held on a day', () => {
  it('has its public shape', async () => {
    const body = await page('');
    expect(assignmentsPage.parse(body)).toEqual(body);
    expect(body.data).toMatchObject([{ customerCode, userCode: 'u2', serviceCode: mark, quantity: '1', eventId: 'e3' }]);
  });

  it('is told as it is known now, or was known then', async () => {
    expect([await users('asOf=2026-03-07'), await users('asOf=2026-03-07&knownOn=2026-03-10')]).toEqual([['u2'], ['u1', 'u2']]);
    expect(await users('asOf=2026-03-04&customer=nobody')).toEqual([]);
  });

  it('comes in pages, within reach', async () => {
    const query = 'asOf=2026-03-05&limit=1';
    const first = await page(query);
    const second = await users(`${query}&cursor=${encodeURIComponent(first.nextCursor)}`);
    const [near, far] = [
      await api.token(undefined, { customerCodes: [customerCode] }),
      await api.token(undefined, { resellerCode: 'x' }),
    ];
    expect([first.data[0].userCode, second]).toEqual(['u1', ['u2']]);
    expect([await users('asOf=2026-03-05', near), await users('asOf=2026-03-05', far)]).toEqual([['u1', 'u2'], []]);
  });

  it('needs days that exist', async () => {
    expect((await api.call('/v1/assignments?asOf=2026-02-30')).body.errors[0].pointer).toBe('/asOf');
  });
});
