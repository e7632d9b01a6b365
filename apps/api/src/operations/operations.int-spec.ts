import { passCommands } from '@trueup/billing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillTenant, project, event } from '../../test/filled-tenant.js';
import type { FilledTenant } from '../../test/filled-tenant.js';
import { StartedApi } from '../../test/started-api.js';

let api: StartedApi;
let filled: FilledTenant;
beforeAll(async () => {
  api = await StartedApi.start();
  filled = await fillTenant(api);
});
afterAll(() => api.stop());

const carryOut = () => passCommands(api.db, () => api.now);
const post = (path: string, body?: object) => api.call(path, { method: 'POST', body });

describe('an operation', () => {
  it('rebuilds customers, and is listed newest first with what it came to', async () => {
    const asked = await post('/v1/operations/rebuild', { customerCodes: ['Zebra/1'] });
    await carryOut();
    const { data } = (await api.call('/v1/operations')).body;
    expect([asked.status, asked.headers.get('location')]).toEqual([202, `/v1/operations/${asked.body.id}`]);
    expect(data.find(({ id }: { id: string }) => id === asked.body.id)).toMatchObject({
      ...{ kind: 'rebuild', stage: 'done', total: 1, report: { rows: 0, lines: 0 } },
    });
  });

  it('tells its progress as a stream of events that ends with it', async () => {
    const { id } = (await post('/v1/operations/rebuild', {})).body;
    const stream = api.call(`/v1/operations/${id}/events`);
    await carryOut();
    const { headers, text } = await stream;
    expect(headers.get('content-type')).toBe('text/event-stream');
    expect(headers.get('x-request-id')).toMatch(/^req_/);
    const [, last] = /event: done\ndata: (.+)\n\n$/.exec(text)!;
    expect(JSON.parse(last!)).toMatchObject({ id, stage: 'done' });
  });

  it('lets go of a stream after a while, and of one of nothing at once', async () => {
    const { id } = (await post('/v1/operations/rebuild', {})).body;
    expect((await api.call(`/v1/operations/${id}/events`)).text).toMatch(/^retry: 1000\n\nevent: progress\ndata: .+\n\n$/);
    expect((await api.call('/v1/operations/op_none/events')).status).toBe(404);
  });
});

describe('a quarantined record', () => {
  it('is shown with its event, released, and counted', async () => {
    const path = `/v1/quarantine/${filled.quarantineId}`;
    expect((await api.call(path)).body).toMatchObject({
      state: 'waiting',
      reason: 'not-applicable',
      event: { id: 'e4' },
      value: null,
    });
    const released = await post(`${path}/release`, { note: 'the disk is back' });
    await carryOut();
    const { data } = (await api.call('/v1/quarantine?state=released')).body;
    expect([released.status, released.body.state, data[0].outcome]).toEqual([202, 'releasing', 'applied']);
    expect((await api.call(`/v1/lines/${filled.lineKey}`)).body.quantity).toBe('3');
    expect((await post(`${path}/discard`, { note: 'too late' })).status).toBe(409);
  });
});

describe('a disputed number', () => {
  it('is told by its users on that day, and by the timeline of the customer', async () => {
    const users = (await api.call(`/v1/lines/${filled.lineKey}/users?on=2026-03-04`)).body;
    expect([users.quantity, users.data.map(({ userCode }: { userCode: string }) => userCode)]).toEqual(['1', ['u1']]);
    await project(api, [event('e9', '2026-03-08T00:00:00Z', 'user.removed', { userCode: 'u1' })]);
    const { data } = (await api.call('/v1/customers/Zebra%2F1/timeline?user=u1')).body;
    expect(data.map(({ eventId }: { eventId: string }) => eventId)).toEqual(['e2', 'e9']);
    expect(data[1].effects).toEqual([{ lineKey: filled.lineKey, sku: filled.sku, code: 'REMOVED', units: '-1' }]);
  });
});
