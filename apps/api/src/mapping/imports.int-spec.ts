import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StartedApi } from '../../test/started-api.js';
import type { Call } from '../../test/started-api.js';

let api: StartedApi;
let connectionId: string;
beforeAll(async () => {
  api = await StartedApi.start();
  connectionId = await api.connection();
});
afterAll(() => api.stop());

const head = 'customerCode,connectionId,billingIdentifier,agreementRef,validFrom';
const csv = { 'content-type': 'text/csv' };
const send = (query: string, raw: string, more: Call = {}) =>
  api.call(`/v1/mappings/import?${query}`, { method: 'POST', raw, headers: csv, ...more });
const undo = (id: string) => api.call(`/v1/mappings/imports/${id}/undo`, { method: 'POST' });
const mapping = async (code: string) => (await api.call(`/v1/mappings/customers/${encodeURIComponent(code)}`)).body.data;
const put = (code: string, rows: object[]) => api.call(`/v1/mappings/customers/${code}`, { method: 'PUT', body: rows });
const line = (code: string, account: string, day = '2026-03-01') => `${code},${connectionId},${account},,${day}`;
const commands = async () => (await api.db.query<unknown[]>('select id from control.command')).length;
const file = (prefix: string, bad: Record<number, string> = {}) =>
  [head, ...Array.from({ length: 500 }, (_, index) => bad[index + 2] ?? line(`${prefix}${index}`, `${index}`))].join('\r\n');

describe('a file of 500 lines with 3 bad ones', () => {
  const bad = { 17: 'B15,nobody,1,,2026-03-01', 200: `B198,${'c'.repeat(80)},1,,2026-02-30`, 400: 'B398,too,few' };

  it('imports nothing and names the lines', async () => {
    const before = await commands();
    const answer = await send('kind=customers', file('B', bad));
    const pointers = answer.body.errors.map((error: { pointer: string }) => error.pointer);
    expect([answer.status, pointers]).toEqual([422, ['/17/connectionId', '/200/connectionId', '/200/validFrom', '/400']]);
    expect(answer.body.detail).toContain('3 of 500 lines');
    expect([await mapping('B1'), await commands()]).toEqual([undefined, before]);
  });

  it('is told so by a dry run, too', async () => {
    const answer = await send('kind=customers&dryRun=true', file('B', bad));
    const { importId, added, bad: badCount, errors } = answer.body;
    expect([answer.status, importId, added, badCount]).toEqual([200, null, 497, 3]);
    expect(errors).toContainEqual({ line: 17, column: 'connectionId', detail: 'Names no connection of this tenant' });
    expect(await mapping('B1')).toBeUndefined();
  });

  it('imports the others when the caller says so, with one command and one epoch', async () => {
    const before = (await api.call(`/v1/connections/${connectionId}`)).body.epoch;
    const answer = await send('kind=customers&skipBad=true', file('B', bad));
    expect([answer.status, answer.body.added, answer.body.bad]).toEqual([201, 497, 3]);
    expect(await mapping('B499')).toEqual([{ connectionId, billingIdentifier: '499', validFrom: '2026-03-01' }]);
    expect((await api.call(`/v1/connections/${connectionId}`)).body.epoch).toBe(before + 1);
  });
});

describe('an import', () => {
  it('shows what it replaces, leaves the rest alone, and is undone whole', async () => {
    const other = await api.connection();
    const rows = [
      { connectionId, billingIdentifier: '1', validFrom: '2026-03-01' },
      { connectionId: other, billingIdentifier: '9', validFrom: '2026-03-01' },
    ];
    await put('U1', rows);
    const before = await mapping('U1');
    const text = [head, line('U1', '2'), line('U1', '3', '2026-04-01'), line('U2', '4')].join('\n');
    const { body } = await send('kind=customers', text);
    const accounts = (await mapping('U1')).map((row: { billingIdentifier: string }) => row.billingIdentifier).sort();
    expect(body.changes[0]).toMatchObject({ line: 2, action: 'replaced', before: { ref: '1' }, after: { ref: '2' } });
    expect([body.added, body.replaced, accounts]).toEqual([2, 1, ['2', '3', '9']]);
    const undone = await undo(body.importId);
    expect([undone.status, undone.body.codes]).toEqual([200, ['U1', 'U2']]);
    expect([await mapping('U1'), await mapping('U2')]).toEqual([before, undefined]);
    expect((await undo(body.importId)).status).toBe(409);
  });

  it('is not undone over a later change', async () => {
    const { body } = await send('kind=customers', [head, line('L1', '1'), line('L2', '1')].join('\n'));
    await put('L2', [{ connectionId, billingIdentifier: 'by hand', validFrom: '2026-03-01' }]);
    const refused = await undo(body.importId);
    expect([refused.status, refused.body.errors[0].detail]).toEqual([409, 'L2 was changed after the import']);
    expect((await mapping('L1'))[0].billingIdentifier).toBe('1');
  });

  it('of what is stored already changes and commands nothing', async () => {
    const text = [head, line('S1', '1')].join('\n');
    await send('kind=customers', text);
    const before = await commands();
    const again = await send('kind=customers', text);
    expect([again.status, again.body.unchanged, again.body.changes, await commands()]).toEqual([201, 1, [], before]);
  });

  it('is made once per Idempotency-Key, and refuses the key for another file', async () => {
    const text = [head, line('K1', '1')].join('\n');
    const more = { headers: { ...csv, 'idempotency-key': 'import-1' } };
    const [first, second] = [await send('kind=customers', text, more), await send('kind=customers', text, more)];
    const other = await send('kind=customers', `${text}\n${line('K2', '1')}`, more);
    expect(second.body).toEqual(first.body);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-mismatch']);
  });

  it('takes products with their selectors, guarded cells and quotes', async () => {
    const text = `sku,term,connectionId,psaProductRef,validFrom\r\n'-SKU,P1Y,${connectionId},"29, ""big""",2026-03-01\r\n`;
    const answer = await send('kind=products', text);
    const stored = await api.call('/v1/mappings/products/-SKU');
    expect(answer.status).toBe(201);
    expect(stored.body.data).toEqual([{ connectionId, term: 'P1Y', psaProductRef: '29, "big"', validFrom: '2026-03-01' }]);
    await undo(answer.body.importId);
    expect((await api.call('/v1/mappings/products/-SKU')).status).toBe(404);
  });

  it('of another tenant cannot be undone', async () => {
    const { body } = await send('kind=customers', [head, line('T1', '1')].join('\n'));
    const { token } = await api.tenant('Other');
    const foreign = await api.call(`/v1/mappings/imports/${body.importId}/undo`, { method: 'POST', token });
    expect([foreign.status, (await mapping('T1')).length]).toEqual([404, 1]);
  });
});

describe('a bad file', () => {
  it.each([
    ['a column nobody knows', `${head},colour\n`, 422, '/1/colour'],
    ['a column that is missing', 'customerCode,connectionId,validFrom\nx,y,z', 422, '/1/billingIdentifier'],
    ['no lines', head, 422, ''],
    ['nothing at all', '', 422, '/1/customerCode'],
    ['a quote that never ends', `${head}\n"x`, 422, '/2'],
    ['a line that comes twice', `${head}\nD,CON,1,,2026-03-01\nD,CON,2,,2026-03-01`, 422, '/3'],
  ])('with %s is refused', async (_what, raw, status, pointer) => {
    const answer = await send('kind=customers', raw.replaceAll('CON', connectionId));
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([status, pointer]);
  });

  it('of another encoding or type is refused', async () => {
    const bytes = Buffer.from(`${head}\nM\xfcller,${connectionId},1,,2026-03-01`, 'latin1');
    const authorization = `Bearer ${api.adminToken}`;
    const url = `${api.url}/v1/mappings/import?kind=customers`;
    const latin = await fetch(url, { method: 'POST', body: bytes, headers: { ...csv, authorization } });
    const json = await api.call('/v1/mappings/import?kind=customers', { method: 'POST', body: {} });
    const elsewhere = await api.call('/v1/tokens', { method: 'POST', raw: 'a,b', headers: csv });
    expect([latin.status, (await latin.json()).code]).toEqual([400, 'malformed-body']);
    expect([json.status, elsewhere.status]).toEqual([415, 415]);
  });
});
