import { writeAccepted } from '@trueup/billing';
import { metrics } from '@trueup/service';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fillTenant } from '../../test/filled-tenant.js';
import { StartedApi } from '../../test/started-api.js';
import { AccountCheck } from './account-check.js';
import { watchAccounts } from './account-metrics.js';

let api: StartedApi;
let check: AccountCheck;

beforeAll(async () => {
  api = await StartedApi.start();
  check = new AccountCheck(api.databases.allTenants);
  await fillTenant(api);
  // As change-control decides it.
  await api.db.query('update control.line_part set is_undecided = false');
  await api.db.query(`update control.agreement_line set state = 'delivered', state_at = $2, steps = $1`, [
    JSON.stringify([{ from: '2026-03-01', quantity: '2', periodId: '2026-03-31' }]),
    api.now,
  ]);
  watchAccounts(api.databases.allTenants, () => api.now);
  // The first day of billing is over.
  await api.db.query(`update billing.period_setting set live_from = '2026-03-01'`);
});
afterAll(() => api.stop());

const later = (minutes: number): void => void (api.now = new Date(api.now.getTime() + minutes * 60_000));
const shown = async (token?: string) => (await api.call('/v1/reconciliation', token === undefined ? {} : { token })).body;
const metricOf = async (name: string): Promise<string[]> =>
  (await metrics.getSingleMetricAsString(name)).split('\n').filter((line) => line.startsWith(`${name}{`));

/** Rows of a table are gone behind everybody's back. Answers how to bring them back. */
async function lose(table: string, where = 'true'): Promise<() => Promise<unknown>> {
  const [gone] = await api.db.query<{ rows: unknown[] }[]>(
    `select jsonb_agg(to_jsonb(t)) as rows from ${table} t where ${where}`,
  );
  await api.db.query(`delete from ${table} t where ${where}`);
  const insert = `insert into ${table} overriding system value select * from jsonb_populate_recordset(null::${table}, $1::jsonb)`;
  return () => api.db.query(insert, [JSON.stringify(gone!.rows)]);
}

const NOTHING = { events: 0, stored: 0, lines: 0, quantities: 0 };
const oneEvent = `event_id = 'e3'`;

const losses: [string, () => Promise<() => Promise<unknown>>, Partial<typeof NOTHING>][] = [
  ['a stored event', () => lose('billing.event', oneEvent), { stored: 1 }],
  ['a record in quarantine', () => lose('billing.quarantine'), { stored: 1 }],
  ['the counter of applied events', () => lose('billing.projected_events', 'partition = 0'), { events: 3, stored: 3 }],
  ['a billing row', () => lose('billing.holding', `user_code = 'u2'`), { quantities: 1 }],
  [
    "a line of change-control's",
    async () => {
      const undoPart = await lose('control.agreement_line_part');
      const undoLine = await lose('control.line_part');
      return async () => [await undoLine(), await undoPart()];
    },
    { lines: 1 },
  ],
  [
    'a unit of a part',
    async () => {
      await api.db.query(`update control.agreement_line_part set steps = jsonb_set(steps, '{0,quantity}', '"1"')`);
      return () => api.db.query(`update control.agreement_line_part set steps = jsonb_set(steps, '{0,quantity}', '"2"')`);
    },
    { quantities: 2 },
  ],
  [
    'a unit of a schedule',
    async () => {
      await api.db.query(`update control.agreement_line set steps = jsonb_set(steps, '{0,quantity}', '"1"')`);
      return () => api.db.query(`update control.agreement_line set steps = jsonb_set(steps, '{0,quantity}', '"2"')`);
    },
    { quantities: 1 },
  ],
];

describe('GET /v1/reconciliation', () => {
  it('is exact at rest, in all three equations', async () => {
    later(10);
    expect(await check.run(api.now)).toEqual(NOTHING);
    expect(await shown()).toMatchObject({
      checkedAt: api.now.toISOString(),
      isExplained: true,
      events: { accepted: 4, unacknowledged: 0, applied: 3, duplicate: 0, quarantined: 1, inFlight: 0, unexplained: 0 },
      lines: { desired: { lines: 1, units: '2' }, delivered: { lines: 1, units: '2' }, inFlight: { lines: 0 }, differing: [] },
      quantities: {
        rows: { lines: 1, rows: '2', targets: '2' },
        parts: { targets: '2', counting: '0', parts: '2' },
        schedules: { agreementLines: 1, parts: '2', left: '0', offset: '0', floor: '0', withheld: '0', schedules: '2' },
        differing: [],
      },
    });
  });

  it.each(losses)('tells within ten minutes that %s is missing, and that it is back', async (_, plant, expected) => {
    const undo = await plant();
    await check.run(api.now);
    later(10);
    expect(await check.run(api.now)).toEqual({ ...NOTHING, ...expected });
    const { isExplained, unexplained } = await shown();
    const counts = Object.fromEntries(Object.entries(unexplained).map(([name, one]) => [name, (one as { count: number }).count]));
    expect([isExplained, counts]).toEqual([false, { ...NOTHING, ...expected }]);
    await undo();
    expect(await check.run(api.now)).toEqual(NOTHING);
  });

  it('finds an event gone from an hour long past, in its turn, and looks there again until it is back', async () => {
    const undo = await lose('billing.event', oneEvent);
    later(3 * 60);
    await check.run(api.now);
    later(10);
    expect(await check.run(api.now)).toEqual({ ...NOTHING, stored: 1 });
    await undo();
    expect(await check.run(api.now)).toEqual(NOTHING);
  });

  it('takes acknowledged events for in flight at first and for lost after ten minutes, unless they come', async () => {
    const { tenantId } = api;
    await writeAccepted(api.db, 'ingest-x', [{ tenantId, hour: new Date('2026-03-10T12:00:00Z'), accepted: 2 }]);
    await check.run(api.now);
    later(9);
    await check.run(api.now);
    expect(await shown()).toMatchObject({ isExplained: true, events: { inFlight: 2, unexplained: 0 } });
    later(1);
    await check.run(api.now);
    expect(await shown()).toMatchObject({ isExplained: false, events: { inFlight: 0, unexplained: 2 } });
    expect(await metricOf('trueup_accounting_difference')).toContain('trueup_accounting_difference{identity="events"} 2');
    expect(await metricOf('trueup_accounting_oldest_seconds')).toContain(
      'trueup_accounting_oldest_seconds{identity="events"} 600',
    );
    await api.db.query(`update billing.projected_events set duplicates = duplicates + 2 where partition = 0`);
    await check.run(api.now);
    expect(await shown()).toMatchObject({ isExplained: true, events: { inFlight: 0, unexplained: 0, duplicate: 2 } });
    expect(await metricOf('trueup_accounting_difference')).toContain('trueup_accounting_difference{identity="events"} 0');
  });

  it('is not alarmed by a stream that is always a little behind', async () => {
    const { tenantId } = api;
    for (const round of [1, 2, 3, 4]) {
      await writeAccepted(api.db, 'ingest-y', [{ tenantId, hour: new Date('2026-03-10T12:00:00Z'), accepted: round }]);
      await check.run(api.now);
      later(6);
      if (round > 1) await api.db.query(`update billing.projected_events set duplicates = duplicates + 1 where partition = 0`);
      expect(await check.run(api.now)).toEqual(NOTHING);
    }
    await api.db.query(`update billing.projected_events set duplicates = duplicates + 1 where partition = 0`);
    expect(await check.run(api.now)).toEqual(NOTHING);
  });

  it('stays exact when days have passed and counters are folded', async () => {
    const before = (await shown()).events as { hours: unknown };
    for (const days of [2, 8]) {
      later(days * 24 * 60);
      expect(await check.run(api.now)).toEqual(NOTHING);
    }
    const { hours: _hours, ...counts } = (await shown()).events as { hours: unknown };
    expect(counts).toEqual({ ...before, hours: undefined, ...counts });
    expect(await api.db.query('select 1 from billing.projected_events')).toHaveLength(1);
  });

  it('lets one process check at a time', async () => {
    const held = api.db.createQueryRunner();
    await held.query('begin; lock table billing.accounting_difference');
    const first = check.run(api.now);
    const isAtIt = async () =>
      (await api.db.query<unknown[]>(`select 1 from pg_locks where locktype = 'advisory' and granted`)).length > 0;
    await vi.waitUntil(isAtIt, { timeout: 20_000 });
    expect(await new AccountCheck(api.databases.allTenants).run(api.now)).toBeNull();
    await held.query('commit');
    await held.release();
    expect(await first).toEqual(NOTHING);
  });

  it('shows another tenant nothing of it, and no part of a tenant anything', async () => {
    const second = await api.tenant('Second');
    expect(await shown(second.token)).toMatchObject({ events: { accepted: 0, applied: 0 }, lines: { desired: { lines: 0 } } });
    const reaching = await api.token(['billing:read'], { customerCodes: ['C1'] });
    expect((await api.call('/v1/reconciliation', { token: reaching })).status).toBe(404);
  });
});
