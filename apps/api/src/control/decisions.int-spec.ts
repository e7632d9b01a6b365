import { hold, run } from '@trueup/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { customerCode, fillTenant, mark } from '../../test/filled-tenant.js';
import type { FilledTenant } from '../../test/filled-tenant.js';
import { holdLine } from '../../test/held-line.js';
import { StartedApi } from '../../test/started-api.js';
import { explanation } from '../connections/agreement-lines-controller.js';
import { pageOf } from '../http/page.js';

let api: StartedApi;
let filled: FilledTenant;
let lineAddress: string;
beforeAll(async () => {
  api = await StartedApi.start();
  filled = await fillTenant(api);
  lineAddress = `/v1/connections/${filled.connectionId}/agreement-lines/${filled.agreementLineKey}`;
});
afterAll(() => api.stop());

const post = (path: string, body: unknown, more: object = {}) => api.call(path, { method: 'POST', body, ...more });
const commands = (kind: string) =>
  api.db.query<{ payload: Record<string, string> }[]>('select payload from control.command where kind = $1 order by id', [kind]);

describe('a hold', () => {
  beforeEach(() => holdLine(api, filled));
  const holds = async (token?: string) => (await api.call('/v1/holds', token === undefined ? {} : { token })).body.data;

  it('shows ours and theirs', async () => {
    const { body } = await api.call('/v1/holds');
    expect(pageOf(hold).parse(body)).toEqual(body);
    expect(body.data).toMatchObject([
      { code: 'DIFFERS_AT_START', ours: [{ quantity: '2' }], theirs: [{ quantity: '12' }], since: api.now.toISOString() },
    ]);
  });

  it('is released once, with a note, by whoever did it', async () => {
    const [{ id }] = await holds();
    const released = await post(`/v1/holds/${id}/release`, { note: 'really ours' });
    const again = await post(`/v1/holds/${id}/release`, { note: 'again' });
    expect([released.status, again.status, again.body.code]).toEqual([202, 409, 'conflict']);
    expect(await holds()).toMatchObject([{ id, releasedBy: 'admin', note: 'really ours' }]);
    expect(await commands('resolve')).toHaveLength(1);
  });

  it('is not released without a note, nor if it does not exist', async () => {
    const [{ id }] = await holds();
    expect((await post(`/v1/holds/${id}/release`, {})).status).toBe(422);
    expect((await post('/v1/holds/hold_x/release', { note: 'x' })).status).toBe(404);
  });

  it('of a line claimed twice is not released', async () => {
    await holdLine(api, filled, 'LINE_CLAIMED_TWICE');
    const [{ id }] = await holds();
    expect((await post(`/v1/holds/${id}/release`, { note: 'x' })).status).toBe(409);
  });

  it.each([{ customerCodes: ['other'] }, { resellerCode: 'other' }])(
    'is out of reach for %j, to see and to release',
    async (reach) => {
      const [{ id }] = await holds();
      const token = await api.token(undefined, reach);
      const released = await post(`/v1/holds/${id}/release`, { note: 'x' }, { token });
      expect([await holds(token), released.status]).toEqual([[], 404]);
    },
  );

  it('is within reach of its own customer', async () => {
    const token = await api.token(undefined, { customerCodes: [customerCode] });
    const [{ id }] = await holds(token);
    expect((await post(`/v1/holds/${id}/release`, { note: 'x' }, { token })).status).toBe(202);
  });

  it('is nothing to another tenant', async () => {
    const [{ id }] = await holds();
    const { token } = await api.tenant('Other');
    expect([await holds(token), (await post(`/v1/holds/${id}/release`, { note: 'x' }, { token })).status]).toEqual([[], 404]);
  });
});

describe('a resolution', () => {
  beforeEach(() => holdLine(api, filled));
  const wish = (more: object = {}) => ({ choice: 'adopt', reason: 'spare seats', from: '2026-03-01', ...more });

  it('is stored with its command and shown by the explanation', async () => {
    const answer = await post(`${lineAddress}/resolve`, wish());
    const { resolutionId } = answer.body;
    expect([answer.status, resolutionId]).toEqual([202, expect.stringMatching(/^res_/)]);
    expect(await commands('resolve')).toContainEqual({ payload: { resolutionId } });
    const why = (await api.call(`${lineAddress}/explain`)).body;
    expect(explanation.parse(why)).toEqual(why);
    expect(why.resolutions[0]).toMatchObject({ choice: 'adopt', units: '10', reason: 'spare seats', actor: { name: 'admin' } });
  });

  it.each([
    [{ choice: 'overwrite', quantity: '5' }, 422, '/quantity'],
    [{ to: '2026-02-01' }, 422, '/to'],
    [{ from: '0000-01-01' }, 422, '/from'],
    [{ choice: 'ignore' }, 422, '/choice'],
    [{ reason: '' }, 422, '/reason'],
    [{ quantity: '-0' }, 422, '/quantity'],
  ])('of %j is refused', async (more, status, pointer) => {
    const answer = await post(`${lineAddress}/resolve`, wish(more));
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([status, pointer]);
  });

  it('is made once per Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'resolve-1' };
    const [first, second] = [
      await post(`${lineAddress}/resolve`, wish(), { headers }),
      await post(`${lineAddress}/resolve`, wish(), { headers }),
    ];
    const other = await post(`${lineAddress}/resolve`, wish({ reason: 'other' }), { headers });
    expect([second.body, other.body.code]).toEqual([first.body, 'idempotency-mismatch']);
  });

  it('reaches no line of another customer, and none that is absent', async () => {
    const token = await api.token(undefined, { customerCodes: ['other'] });
    const absent = `/v1/connections/${filled.connectionId}/agreement-lines/al_none/resolve`;
    const answers = [await post(`${lineAddress}/resolve`, wish(), { token }), await post(absent, wish())];
    expect(answers.map((answer) => answer.status)).toEqual([404, 404]);
  });
});

describe('guards', () => {
  const put = (body: unknown) => api.call('/v1/guards', { method: 'PUT', body });
  const floor = { scope: { sku: 'S' }, kind: 'floor', value: '5' };

  it('are replaced as a whole, get ids and raise a command', async () => {
    const first = await put([floor, { id: 'mine', scope: {}, kind: 'max-zeroes', value: '3' }]);
    const second = await put(first.body.data.slice(0, 1));
    expect(first.body.data).toMatchObject([{ ...floor, id: expect.stringMatching(/^grd_/) }, { id: 'mine' }]);
    expect((await api.call('/v1/guards')).body).toEqual(second.body);
    expect(await commands('guards-changed')).toHaveLength(2);
  });

  it.each([
    [[{ ...floor, value: 'many' }], '/0/value'],
    [[floor, { ...floor, kind: 'wall' }], '/1/kind'],
    [[{ ...floor, scope: { colour: 'x' } }], '/0/scope/colour'],
    [
      [
        { ...floor, id: 'a' },
        { ...floor, id: 'a' },
      ],
      '/1/id',
    ],
  ])('of %j are refused whole', async (body, pointer) => {
    const before = (await api.call('/v1/guards')).body;
    const answer = await put(body);
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, pointer]);
    expect((await api.call('/v1/guards')).body).toEqual(before);
  });
});

describe('a manual run', () => {
  it('is told at once and shown among the runs', async () => {
    const made = await post('/v1/runs', { connectionId: filled.connectionId, customerCodes: [customerCode] });
    expect([made.status, run.parse(made.body)]).toEqual([202, made.body]);
    expect(made.body).toMatchObject({ kind: 'manual', state: 'running' });
    expect((await api.call(`/v1/runs/${made.body.id}`)).body).toEqual(made.body);
    expect(await commands('run-requested')).toEqual([{ payload: { runId: made.body.id } }]);
  });

  it('may bring an earlier period, or only preview', async () => {
    const ask = (scope: object) => post('/v1/runs', { connectionId: filled.connectionId, ...scope });
    const { id } = (await api.call('/v1/periods/previous')).body;
    const [previous, current, future, unknown] = [
      await ask({ billingPeriod: 'previous', preview: true }),
      await ask({ billingPeriod: 'current' }),
      await ask({ billingPeriod: '2999-01-01' }),
      await ask({ billingPeriod: 'next' }),
    ];
    expect(previous.body).toMatchObject({ periodId: id, preview: true });
    expect(current.body).not.toHaveProperty('periodId');
    expect([previous.status, current.status, future.status, unknown.status]).toEqual([202, 202, 422, 422]);
    expect(future.body.errors).toMatchObject([{ pointer: '/billingPeriod' }]);
  });

  it('of a connection that another tenant has, or nobody, is refused alike', async () => {
    const { token } = await api.tenant('Runner');
    const foreign = await post('/v1/runs', { connectionId: filled.connectionId }, { token });
    const absent = await post('/v1/runs', { connectionId: 'con_none' }, { token });
    expect([foreign.status, foreign.body.errors]).toEqual([422, absent.body.errors]);
  });
});

describe('corrections', () => {
  it('are shown by period, within reach', async () => {
    await api.db.query(
      `insert into control.correction (id, tenant_id, connection_id, agreement_line_key, period_id, units, valid_from, valid_to, state,
         reason, message, causes, created_at)
       values ('cor_1', $1, $2, $3, '2026-02-28', '1', '2026-02-10', '2026-02-20', 'listed', 'late', $4, '[]', $5)`,
      [api.tenantId, filled.connectionId, filled.agreementLineKey, `${mark} came late`, api.now],
    );
    const of = async (period: string, token?: string) =>
      (await api.call(`/v1/billing/${period}/corrections`, token === undefined ? {} : { token })).body.data.length;
    const narrow = await api.token(undefined, { customerCodes: ['other'] });
    const foreign = (await api.tenant('Elsewhere')).token;
    expect([await of('previous'), await of('2026-02-14'), await of('current')]).toEqual([1, 1, 0]);
    expect([await of('previous', narrow), await of('previous', foreign)]).toEqual([0, 0]);
  });
});
