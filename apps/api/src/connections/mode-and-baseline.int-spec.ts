import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillTenant } from '../../test/filled-tenant.js';
import type { FilledTenant } from '../../test/filled-tenant.js';
import { StartedApi } from '../../test/started-api.js';

let api: StartedApi;
let filled: FilledTenant;
beforeAll(async () => {
  api = await StartedApi.start();
  filled = await fillTenant(api);
  await api.db.query('update control.agreement_line set version = 1');
});
afterAll(() => api.stop());

const stepUp = () => api.call(`/v1/connections/${filled.connectionId}/mode`, { method: 'PUT', body: { mode: 'auto' } });

describe('a step up', () => {
  it('is refused while a mapped line was not looked at', async () => {
    const refused = await stepUp();
    expect([refused.status, refused.body.code, refused.body.detail.includes('1 mapped line')]).toEqual([
      409,
      'not-allowed-yet',
      true,
    ]);
  });

  it('waits a while for the first look', async () => {
    const asked = stepUp();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await api.db.query(`update control.agreement_line set baseline = '{"steps": [], "at": "2026-03-10T12:00:00Z"}'`);
    const answer = await asked;
    expect([answer.status, answer.body.mode]).toEqual([200, 'auto']);
  });
});
