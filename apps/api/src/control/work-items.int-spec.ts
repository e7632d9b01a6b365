import { workItem } from '@trueup/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { customerCode, fillTenant, mark } from '../../test/filled-tenant.js';
import type { FilledTenant } from '../../test/filled-tenant.js';
import { lineByHand } from '../../test/line-by-hand.js';
import { StartedApi } from '../../test/started-api.js';
import { unzipped } from '../../test/unzipped.js';
import { pageOf } from '../http/page.js';

let api: StartedApi;
let filled: FilledTenant;
let id: string;
beforeAll(async () => {
  api = await StartedApi.start();
  filled = await fillTenant(api);
});
afterAll(() => api.stop());
beforeEach(async () => {
  await api.db.query('delete from control.resolution');
  await api.db.query('delete from control.command');
  id = await lineByHand(api, filled);
});

const work = { quantity: '2', date: '2026-03-06', note: 'ticket 4711' };
const confirm = (body: unknown = work, more: object = {}) =>
  api.call(`/v1/work-items/${id}/done`, { method: 'POST', body, ...more });
const items = async (token?: string) => (await api.call('/v1/work-items', token === undefined ? {} : { token })).body.data;
const asRaw = async (path: string) =>
  Buffer.from(await (await fetch(`${api.url}${path}`, { headers: { authorization: `Bearer ${api.adminToken}` } })).arrayBuffer());

describe('a work item', () => {
  it('says who, where, from what to what, from when and why', async () => {
    const { body } = await api.call('/v1/work-items');
    expect(pageOf(workItem).parse(body)).toEqual(body);
    expect(body.data).toMatchObject([
      {
        ...{ id, customerCodes: [customerCode], billingIdentifier: mark, productRef: `${mark}-by-hand`, recordIds: ['9051'] },
        ...{ from: '1', to: '2', effectiveDate: '2026-03-05', why: `${mark} is raised by hand alone` },
      },
    ]);
  });

  it('is a row of the file and of the workbook', async () => {
    const csv = (await asRaw('/v1/work-items.csv?bom=false')).toString('utf8').split('\r\n');
    expect(csv[0]).toContain('recordIds,from,to,effectiveDate,why');
    expect(csv[1]).toContain(`9051,1,2,2026-03-05,${mark} is raised by hand alone`);
    const files = unzipped(await asRaw('/v1/work-items.xlsx'));
    expect(files.get('xl/sharedStrings.xml')).toContain(`${mark} is raised by hand alone`);
  });

  it('is done once, by whoever did it, and tells change-control', async () => {
    const [done, again] = [await confirm(), await confirm()];
    expect([done.status, again.status, again.body.code]).toEqual([202, 409, 'conflict']);
    expect(await items()).toMatchObject([{ id, doneBy: 'admin', note: 'ticket 4711' }]);
    const stored = await api.db.query('select id, choice, found, valid_from, reason from control.resolution');
    const found = {
      steps: [
        { from: '2026-03-01', quantity: '1' },
        { from: '2026-03-06', quantity: '2' },
      ],
    };
    expect(stored).toMatchObject([{ choice: 'overwrite', found, valid_from: '2026-03-06', reason: 'ticket 4711' }]);
    const commands = await api.db.query(`select payload from control.command where kind = 'resolve'`);
    expect(commands).toEqual([{ payload: { resolutionId: stored[0].id } }]);
  });

  it('is done once per Idempotency-Key', async () => {
    const headers = { 'idempotency-key': `done-${id}` };
    const [first, second] = [await confirm(work, { headers }), await confirm(work, { headers })];
    const other = await confirm({ ...work, note: 'other' }, { headers });
    expect([first.status, second.body, other.body.code]).toEqual([202, first.body, 'idempotency-mismatch']);
  });

  it.each([
    [{ quantity: '-1' }, '/quantity'],
    [{ quantity: 'two' }, '/quantity'],
    [{ date: '2026-02-30' }, '/date'],
    [{ note: '' }, '/note'],
    [{ colour: 'x' }, '/colour'],
  ])('is not done with %j', async (more, pointer) => {
    const answer = await confirm({ ...work, ...more });
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, pointer]);
  });

  it.each([{ customerCodes: ['other'] }, { resellerCode: 'other' }])(
    'is out of reach for %j, to see and to do',
    async (reach) => {
      const token = await api.token(undefined, reach);
      expect([await items(token), (await confirm(work, { token })).status]).toEqual([[], 404]);
    },
  );

  it('is within reach of its own customer, nothing to another tenant, and absent where there is none', async () => {
    const { token: foreign } = await api.tenant('Other');
    const narrow = await api.token(undefined, { customerCodes: [customerCode] });
    const absent = await api.call('/v1/work-items/wi_none_1/done', { method: 'POST', body: work });
    expect([await items(foreign), (await confirm(work, { token: foreign })).status, absent.status]).toEqual([[], 404, 404]);
    expect((await confirm(work, { token: narrow })).status).toBe(202);
  });
});
