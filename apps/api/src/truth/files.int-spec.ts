import { appendLog } from '@trueup/control';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerCode, fillTenant } from '../../test/filled-tenant.js';
import type { FilledTenant } from '../../test/filled-tenant.js';
import { StartedApi } from '../../test/started-api.js';
import { parseCsv } from '../csv/parse-csv.js';

let api: StartedApi;
let filled: FilledTenant;
beforeAll(async () => {
  api = await StartedApi.start();
  filled = await fillTenant(api);
});
afterAll(() => api.stop());

/** The bytes, for `text()` swallows a byte order mark. */
async function file(path: string): Promise<{ headers: Headers; text: string; rows: Record<string, string>[] }> {
  const answer = await fetch(`${api.url}${path}`, { headers: { authorization: `Bearer ${api.adminToken}` } });
  const text = Buffer.from(await answer.arrayBuffer()).toString('utf8');
  const [head, ...records] = parseCsv(text);
  const rows = records.map(({ cells }) => Object.fromEntries(head!.cells.map((name, place) => [name, cells[place]!])));
  return { headers: answer.headers, text, rows };
}

describe('items as a file', () => {
  it('are those of the list, with a header and a byte order mark', async () => {
    const { headers, text, rows } = await file('/v1/billing/current/items.csv');
    const { data } = (await api.call('/v1/billing/current/items')).body;
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toBe('attachment; filename="items-current.csv"');
    expect(text.startsWith('\ufeffperiodId,customerCode,')).toBe(true);
    expect(rows.map((row) => [row['customerCode'], row['userCode'], row['quantity'], row['action'], row['lineKey']])).toEqual(
      data.map((item: Record<string, string>) => [customerCode, item['userCode'], '1', item['action'], filled.lineKey]),
    );
    expect(rows[1]!['heldFrom']).toContain('2026-03-05T00:00:00');
  });

  it('are narrowed like the list, and printed as asked', async () => {
    const { text, rows } = await file('/v1/billing/current/items.csv?user=u2&bom=false&delimiter=%3B');
    expect([text.startsWith('periodId;'), rows.map((row) => row['userCode'])]).toEqual([true, ['u2']]);
  });

  it('of a period that does not exist, or with a bad filter, are a problem', async () => {
    const absent = await api.call('/v1/billing/1950-01-31/items.csv');
    const bad = await api.call('/v1/billing/current/items.csv?limit=5');
    expect([absent.status, absent.body.code, bad.status]).toEqual([404, 'not-found', 400]);
  });
});

describe('a log as a file', () => {
  it('has every entry of more than one page, in order, with formulas disarmed', async () => {
    const entries = Array.from({ length: 2500 }, (_, index) => ({
      runId: filled.runId,
      tenantId: api.tenantId,
      connectionId: filled.connectionId,
      kind: 'autotask' as const,
      code: 'LINE_UNCHANGED' as const,
      customerCode,
      message: `=HYPERLINK("http://x";"${index}")`,
    }));
    await appendLog(api.db, entries, api.now);
    const { rows } = await file(`/v1/runs/${filled.runId}/log.csv?code=AT10`);
    const guarded = entries.map((entry) => `'${entry.message}`);
    expect(rows.map((row) => row['message'])).toEqual(guarded);
    const raw = await file(`/v1/runs/${filled.runId}/log.csv?code=AT10&formulaGuard=off`);
    expect(raw.rows[0]!['message']).toBe(entries[0]!.message);
  });

  it('is narrowed by code, level and text', async () => {
    const counts = await Promise.all(
      ['level=Info', 'q=zebra', 'code=LINE_UPDATED', 'code=AT24'].map(
        async (query) =>
          (await file(`/v1/runs/${filled.runId}/log.csv?${query}`)).rows.filter((row) => row['code'] === 'LINE_UPDATED').length,
      ),
    );
    expect(counts).toEqual([1, 1, 1, 0]);
  });

  it('keeps columns when there are no rows', async () => {
    const { text } = await file(`/v1/runs/${filled.runId}/log.csv?code=AT24&bom=false`);
    expect(text).toBe('at,level,code,alias,owner,customerCode,sku,agreementLineKey,message,remedy,details\r\n');
  });
});
