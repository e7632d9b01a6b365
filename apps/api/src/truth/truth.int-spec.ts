import { agreementLine, billingPeriod, explain, item, line, logEntry, run, token } from '@trueup/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { customerCode, fillTenant, mark } from '../../test/filled-tenant.js';
import type { FilledTenant } from '../../test/filled-tenant.js';
import { StartedApi } from '../../test/started-api.js';
import { pageOf } from '../http/page.js';

let api: StartedApi;
let filled: FilledTenant;
beforeAll(async () => {
  api = await StartedApi.start();
  filled = await fillTenant(api);
});
afterAll(() => api.stop());

const get = async (path: string) => (await api.call(path)).body;

describe('the truth over HTTP', () => {
  it('has the public shapes, no member more', async () => {
    const shapes: [string, z.ZodType][] = [
      ['/v1/billing/current/items', pageOf(item)],
      ['/v1/periods', pageOf(billingPeriod)],
      ['/v1/lines', pageOf(line)],
      [`/v1/lines/${filled.lineKey}`, line],
      [`/v1/lines/${filled.lineKey}/explain`, explain],
      [`/v1/connections/${filled.connectionId}/agreement-lines`, pageOf(agreementLine)],
      ['/v1/runs', pageOf(run)],
      [`/v1/runs/${filled.runId}/log`, pageOf(logEntry)],
      ['/v1/tokens', pageOf(token.extend({ prefix: z.string() }))],
    ];
    for (const [path, shape] of shapes) {
      const body = await get(path);
      expect([path, shape.parse(body)]).toEqual([path, body]);
      if ('data' in body) expect([path, body.data.length > 0]).toEqual([path, true]);
    }
  });

  it('tells carried from added, period by period', async () => {
    const actions = async (period: string) =>
      (await get(`/v1/billing/${period}/items`)).data.map((row: { userCode: string; action: string }) => [
        row.userCode,
        row.action,
      ]);
    expect(await actions('current')).toEqual([
      ['u1', 'carried'],
      ['u2', 'added'],
    ]);
    expect(await actions('previous')).toEqual([['u1', 'added']]);
    expect(await actions('2026-02-14')).toEqual(await actions('2026-02-28'));
  });

  it('narrows items by every filter', async () => {
    const users = async (query: string) =>
      (await get(`/v1/billing/current/items?${query}`)).data.map((row: { userCode: string }) => row.userCode);
    const customer = encodeURIComponent(customerCode);
    expect(await users(`customer=${customer}&service=${mark}&sku=${filled.sku}&billable=true`)).toEqual(['u1', 'u2']);
    expect(await users('action=added')).toEqual(['u2']);
    expect(await users('user=u1')).toEqual(['u1']);
    expect(await users('from=2026-03-05&to=2026-03-05')).toEqual(['u2']);
    expect(await users('billable=false')).toEqual([]);
    expect(await users('customer=nobody')).toEqual([]);
  });

  it('sums by customer and sku', async () => {
    const { data } = await get('/v1/billing/current/summary');
    const counts = { lastCount: '1', difference: '1', thisCount: '2' };
    expect(data).toEqual([{ customerCode, customerName: `${mark} Ltd`, sku: filled.sku, ...counts }]);
  });

  it('explains a quantity by people whose counted deltas sum to it', async () => {
    const shown = await get(`/v1/lines/${filled.lineKey}`);
    const why = await get(`/v1/lines/${filled.lineKey}/explain?period=current`);
    const people = why.people.filter((person: { counted: boolean }) => person.counted);
    const sum = (rows: { delta?: string; quantity?: string }[]) =>
      String(rows.reduce((total, row) => total + Number(row.delta ?? row.quantity), 0));
    expect([shown.quantity, sum(people), sum(why.waterfall)]).toEqual(['2', '2', '2']);
    expect(people.map((person: { userCode: string }) => person.userCode)).toEqual(['u1', 'u2']);
  });

  it('shows how far a line has come', async () => {
    const { deliveries } = await get(`/v1/lines/${filled.lineKey}`);
    expect(deliveries).toEqual([
      { connectionId: filled.connectionId, agreementLineKey: filled.agreementLineKey, state: 'pending', code: null },
    ]);
  });

  it('finds log entries by code, alias, level and text', async () => {
    const count = async (query: string) => (await get(`/v1/runs/${filled.runId}/log?${query}`)).data.length;
    const counts = await Promise.all(
      ['code=AT09', 'code=LINE_UPDATED', 'level=Info', 'q=zebra', 'code=AT10', 'q=%25'].map(count),
    );
    expect(counts).toEqual([1, 1, 1, 1, 0, 0]);
  });

  it('pages through a list, each row once', async () => {
    const first = await get('/v1/billing/current/items?limit=1');
    const second = await get(`/v1/billing/current/items?limit=1&cursor=${encodeURIComponent(first.nextCursor)}`);
    const users = [...first.data, ...second.data].map((row: { userCode: string }) => row.userCode);
    expect([users, second.nextCursor]).toEqual([['u1', 'u2'], null]);
  });
});
