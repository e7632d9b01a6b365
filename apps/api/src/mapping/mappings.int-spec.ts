import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StartedApi } from '../../test/started-api.js';

let api: StartedApi;
let connectionId: string;
beforeAll(async () => {
  api = await StartedApi.start();
  connectionId = await api.connection();
});
afterAll(() => api.stop());

const row = (more: object = {}) => ({ connectionId, billingIdentifier: '174', validFrom: '2026-03-01', ...more });
const addressOf = (code: string) => `/v1/mappings/customers/${encodeURIComponent(code)}`;
const put = (code: string, body: unknown, more: object = {}) => api.call(addressOf(code), { method: 'PUT', body, ...more });
const commands = (kind: string) =>
  api.db.query<{ payload: object }[]>('select payload from control.command where kind = $1', [kind]);

describe('a customer mapping', () => {
  it('is stored together with its command and a new epoch', async () => {
    const before = (await api.call(`/v1/connections/${connectionId}`)).body.epoch;
    const answer = await put('C1', [row()]);
    const after = (await api.call(`/v1/connections/${connectionId}`)).body.epoch;
    expect([answer.status, answer.body.data]).toEqual([200, [row()]]);
    expect(await commands('mapping-changed')).toContainEqual({ payload: { customerCodes: ['C1'] } });
    expect(after).toBe(before + 1);
  });

  it('that is refused stores nothing and commands nothing', async () => {
    const before = await commands('mapping-changed');
    const answer = await put('C-refused', [row(), row({ connectionId: 'con_none' })]);
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, '/1/connectionId']);
    expect((await api.call(addressOf('C-refused'))).status).toBe(404);
    expect(await commands('mapping-changed')).toEqual(before);
  });

  it.each(['a/b', 'a b', '%', '%2F', 'ünï/cödé?#&=+', '50% off', "o'neil", '日本/語', '😀'.repeat(64), '__proto__', ';--'])(
    'keeps the code %j as it is',
    async (code) => {
      expect((await put(code, [row()])).status).toBe(200);
      expect((await api.call(addressOf(code))).body.data).toEqual([row()]);
      const [stored] = await api.db.query<{ found: boolean }[]>(
        'select exists (select 1 from control.customer_mapping where customer_code = $1) as found',
        [code],
      );
      expect(stored!.found).toBe(true);
    },
  );

  it('ends by DELETE, and only once', async () => {
    await put('C-end', [row()]);
    const statuses = [
      (await api.call(addressOf('C-end'), { method: 'DELETE' })).status,
      (await api.call(addressOf('C-end'))).status,
      (await api.call(addressOf('C-end'), { method: 'DELETE' })).status,
    ];
    expect(statuses).toEqual([204, 404, 404]);
  });

  it.each([
    ['', false],
    ['?onRemove=leave', false],
    ['?onRemove=zero', true],
  ])('that ends by DELETE%s says whether its units go (%s)', async (query, isZeroed) => {
    await put('C-zero', [row()]);
    const removed = await api.call(`${addressOf('C-zero')}${query}`, { method: 'DELETE' });
    const stored = await api.db.query(
      `select is_zeroed as "isZeroed" from control.customer_mapping where customer_code = 'C-zero' and billing_identifier is null`,
    );
    expect([removed.status, stored]).toEqual([204, [{ isZeroed }]]);
    await api.db.query(`delete from control.customer_mapping where customer_code = 'C-zero'`);
  });

  it('is out of reach for a token of other customers', async () => {
    await put('C-far', [row()]);
    const token = await api.token(undefined, { customerCodes: ['C-other'] });
    const answers = [
      await api.call(addressOf('C-far'), { token }),
      await put('C-far', [row()], { token }),
      await api.call(addressOf('C-far'), { token, method: 'DELETE' }),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404]);
  });
});

describe('a product mapping', () => {
  it('is stored with its selector and its command', async () => {
    const body = [{ connectionId, term: 'P1Y', psaProductRef: '29', validFrom: '2026-03-01' }];
    const answer = await api.call('/v1/mappings/products/M365%2FBP', { method: 'PUT', body });
    expect([answer.status, answer.body.data]).toEqual([200, body]);
    expect(await commands('mapping-changed')).toContainEqual({ payload: { skus: ['M365/BP'] } });
  });
});

describe('the catalogue', () => {
  it('adds dated rows together with a command', async () => {
    const rows = [{ planCode: null, sku: 'M365-BP', validFrom: '2026-01-01' }];
    const answer = await api.call('/v1/catalogue/services/%40user', { method: 'PUT', body: { rows } });
    const later = [{ planCode: null, sku: 'M365-BP2', validFrom: '2026-04-01' }];
    const both = await api.call('/v1/catalogue/services/%40user', { method: 'PUT', body: { rows: later } });
    const told = await api.db.query('select payload from billing.command');
    expect([answer.status, answer.body.rows, both.body.rows]).toEqual([200, rows, [...rows, ...later]]);
    expect(told).toContainEqual({ payload: { serviceCodes: ['@user'] } });
  });
});

describe('what no mapping brings to a PSA', () => {
  it('is counted within reach', async () => {
    const { now, tenantId } = api;
    for (const [lineKey, code, sku] of [
      ['ln_1', 'N1', 'S1'],
      ['ln_2', 'N1', 'S2'],
      ['ln_3', 'N2', 'S1'],
    ]) {
      await api.db.query(
        `insert into control.line_part (line_key, tenant_id, customer_code, sku, payer_codes, target_version, target, is_undecided,
           code, updated_at)
         values ($1, $2, $3, $4, '{}', 1, '{}', false, 'CUSTOMER_UNMAPPED', $5)`,
        [lineKey, tenantId, code, sku, now],
      );
    }
    const narrow = await api.token(undefined, { customerCodes: ['N2'] });
    const totals = [await api.call('/v1/mappings/unmapped?limit=1'), await api.call('/v1/mappings/unmapped', { token: narrow })];
    expect(totals.map((answer) => answer.body.total)).toEqual([
      { customers: 2, lines: 3 },
      { customers: 1, lines: 1 },
    ]);
  });
});
