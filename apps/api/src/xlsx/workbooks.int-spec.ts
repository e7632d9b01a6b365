import { appendLog } from '@trueup/control';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerCode, fillTenant } from '../../test/filled-tenant.js';
import type { FilledTenant } from '../../test/filled-tenant.js';
import { StartedApi } from '../../test/started-api.js';
import { unzipped } from '../../test/unzipped.js';
import { XLSX_MEDIA_TYPE } from './send-xlsx.js';

let api: StartedApi;
let filled: FilledTenant;
beforeAll(async () => {
  api = await StartedApi.start();
  filled = await fillTenant(api);
});
afterAll(() => api.stop());

async function workbook(path: string) {
  const answer = await fetch(`${api.url}${path}`, { headers: { authorization: `Bearer ${api.adminToken}` } });
  const files = unzipped(Buffer.from(await answer.arrayBuffer()));
  const sheet = files.get('xl/worksheets/sheet1.xml')!;
  return { headers: answer.headers, sheet, texts: files.get('xl/sharedStrings.xml')!, rows: sheet.match(/<row /g)!.length - 1 };
}

describe('items as a workbook', () => {
  it('are those of the list, under a header that stays, with quantities as numbers', async () => {
    const { headers, sheet, texts, rows } = await workbook('/v1/billing/current/items.xlsx');
    const { data } = (await api.call('/v1/billing/current/items')).body;
    expect(headers.get('content-type')).toBe(XLSX_MEDIA_TYPE);
    expect(headers.get('content-disposition')).toBe('attachment; filename="items-current.xlsx"');
    expect([rows, texts.includes('periodId'), texts.includes(filled.lineKey)]).toEqual([data.length, true, true]);
    expect(sheet).toMatch(/<pane [^>]*ySplit="1"/);
    expect(sheet).toMatch(/<c r="R2"(?![^>]*t="s")[^>]*><v>1<\/v>/);
  });

  it('are narrowed like the list, and refused for a period that does not exist', async () => {
    const { rows, texts } = await workbook('/v1/billing/current/items.xlsx?user=u2');
    const absent = await api.call('/v1/billing/1950-01-31/items.xlsx');
    const bad = await api.call('/v1/billing/current/items.xlsx?limit=5');
    expect([rows, texts.includes('>u2<'), absent.status, bad.status]).toEqual([1, true, 404, 400]);
  });
});

describe('a log as a workbook', () => {
  it('keeps what looks like a formula as text, narrowed like the log', async () => {
    const { runId, connectionId } = filled;
    const { tenantId } = api;
    const entry = { runId, tenantId, connectionId, kind: 'autotask' as const, code: 'LINE_UNCHANGED' as const, customerCode };
    await appendLog(api.db, [{ ...entry, message: '=1+1' }], api.now);
    const { sheet, texts, rows } = await workbook(`/v1/runs/${runId}/log.xlsx?code=AT10`);
    expect([rows, texts.includes('>=1+1<'), sheet.includes('<f>')]).toEqual([1, true, false]);
    expect((await workbook(`/v1/runs/${runId}/log.xlsx?code=AT24`)).rows).toBe(0);
  });

  it('is absent for another tenant', async () => {
    const { token } = await api.tenant('Other');
    const { status, body } = await api.call(`/v1/runs/${filled.runId}/log.xlsx`, { token });
    expect([status, body.code]).toEqual([404, 'not-found']);
  });
});
