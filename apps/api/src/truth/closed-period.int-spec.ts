import { PeriodCloser, passCommands } from '@trueup/billing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { event, fillTenant, mark, project } from '../../test/filled-tenant.js';
import type { FilledTenant } from '../../test/filled-tenant.js';
import { StartedApi } from '../../test/started-api.js';

let api: StartedApi;
let filled: FilledTenant;
beforeAll(async () => {
  api = await StartedApi.start();
  filled = await fillTenant(api);
});
afterAll(() => api.stop());

const post = (path: string, more: object = {}) => api.call(path, { method: 'POST', ...more });
const get = async (path: string) => (await api.call(path)).body;
const now = () => api.now;
const truth = async () => ({
  items: (await get('/v1/billing/previous/items')).data,
  summary: (await get('/v1/billing/previous/summary')).data,
  line: (await get(`/v1/lines/${filled.lineKey}?period=previous`)).steps,
  file: (await api.call('/v1/billing/previous/items.csv')).text,
});

/** What the projector does with commands and periods that are due. */
async function projectorWorks(): Promise<void> {
  const { failed } = await passCommands(api.db, now);
  expect(failed).toEqual([]);
  await new PeriodCloser({
    database: api.db,
    now,
    positions: () => Promise.resolve([{ partition: 0, next: 0n, end: 0n }]),
  }).pass();
}

/** Asks, lets the projector work, and answers how it ended. */
async function done(path: string) {
  const asked = await post(path);
  expect([asked.status, asked.body.stage, asked.headers.get('location')]).toEqual([
    202,
    'waiting',
    `/v1/operations/${asked.body.id}`,
  ]);
  await projectorWorks();
  return get(`/v1/operations/${asked.body.id}`);
}

describe('a period', () => {
  it('that has not ended is not closed', async () => {
    const refused = await post('/v1/periods/current/close');
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
  });

  it('that has ended is closed on demand, frozen with a hash, and closed once', async () => {
    const operation = await done('/v1/periods/previous/close');
    const { data } = await get('/v1/periods/previous/snapshots');
    expect(operation).toMatchObject({ kind: 'close', periodId: '2026-02-28', stage: 'done' });
    expect((await get('/v1/periods/previous')).state).toBe('closed');
    expect(data).toEqual([
      { version: 1, takenAt: api.now.toISOString(), itemCount: 1, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
    expect((await post('/v1/periods/previous/close')).status).toBe(409);
  });

  it('that is closed reads from what was frozen, whatever comes late', async () => {
    const before = await truth();
    const seat = { userCode: 'u9', serviceCode: mark, serviceName: mark, sku: filled.sku };
    await project(api, [event('late', '2026-02-20T00:00:00Z', 'user.service.assigned', seat)]);
    expect(before.items.map((item: { userCode: string }) => item.userCode)).toEqual(['u1']);
    expect(await truth()).toEqual(before);
    expect((await get('/v1/billing/current/items')).data).toHaveLength(3);
  });

  it('that is reprocessed shows first, then has another version beside the frozen one', async () => {
    const before = await truth();
    const shown = await done('/v1/periods/previous/reprocess?dryRun=true');
    const afterDryRun = (await get('/v1/periods/previous/snapshots')).data.length;
    const carriedOut = await done('/v1/periods/previous/reprocess');
    const versions = (await get('/v1/periods/previous/snapshots')).data;
    expect([shown.isDryRun, shown.report.rowCount, afterDryRun]).toEqual([true, 1, 1]);
    expect([carriedOut.report.version, versions.map((one: { itemCount: number }) => one.itemCount)]).toEqual([2, [1, 2]]);
    expect(await truth()).toEqual(before);
  });

  it('is asked for once per Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'again' };
    const path = '/v1/periods/current/reprocess';
    const [first, second] = [await post(`${path}?dryRun=true`, { headers }), await post(`${path}?dryRun=true`, { headers })];
    const other = await post(path, { headers });
    expect([second.body.id, other.body.code]).toEqual([first.body.id, 'idempotency-mismatch']);
  });

  it('that does not exist is no period', async () => {
    const answers = [await post('/v1/periods/1950-01-31/close'), await post('/v1/periods/1950-01-31/reprocess')];
    expect(answers.map((answer) => answer.status)).toEqual([404, 404]);
  });
});
