import { lineTarget } from '@trueup/contracts';
import { inTransaction } from '@trueup/persistence';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestClose } from '../operations/request-operation.js';
import { assigned, eventOf, project, sentTargets, startedBilling, unassigned } from '../projection/projection.fixture.js';
import { BillingQueries } from '../queries/billing-queries.js';
import { BillingSettings } from '../settings/billing-settings.js';
import { ALL_APPLIED, ClosingStage } from './closing.fixture.js';
import { PeriodCloser } from './period-closer.js';
import { sealOf } from './seal-snapshot.js';

let database: DataSource;
let stage: ClosingStage;

beforeAll(async () => {
  database = await startedBilling();
  stage = new ClosingStage(database, '2026-03-20T12:00:00Z');
});
afterAll(() => database.destroy());

const queries = () => new BillingQueries(database, stage.now);
const seat = (id: string, at = '2026-03-05T09:00:00Z', customer = 'C1') => assigned(`${customer}-${id}`, at, customer, id);
const stateOf = async (tenant: string, period: string) => (await queries().period(tenant, period))?.state;
const itemsOf = async (tenant: string, period: string) =>
  (await queries().items(tenant, 'tenant', period, {}, { limit: 500 }))!.data;
const by = () => ({ actor: { id: 'ann' }, now: stage.now() });

describe('a period that ends', () => {
  it('closes by itself after its grace, and its lines say so with the same steps', async () => {
    const tenant = 'ten_closes';
    await stage.moveTo('2026-03-20T12:00:00Z');
    await project(database, tenant, [seat('a'), seat('b'), unassigned('gone', '2026-03-09T09:00:00Z', 'C1', 'b')]);
    await stage.moveTo('2026-04-01T00:30:00Z');
    expect([await stateOf(tenant, 'previous'), await stage.closer().underWay()]).toEqual(['closing', 0]);
    await stage.moveTo('2026-04-01T01:00:00Z');
    const last = lineTarget.parse((await sentTargets(database, tenant)).at(-1));
    expect(await stateOf(tenant, 'previous')).toBe('closed');
    expect(last.periods).toMatchObject([
      {
        id: '2026-03-31',
        state: 'closed',
        removed: '1',
        steps: [{ quantity: '0' }, { from: '2026-03-05', quantity: '2' }, { from: '2026-03-09', quantity: '1' }],
      },
      { id: '2026-04-30', state: 'open', steps: [{ from: '2026-04-01', quantity: '1' }] },
    ]);
    expect((await itemsOf(tenant, '2026-03-31')).map(({ userCode, action }) => [userCode, action])).toEqual([
      ['a', 'added'],
      ['b', 'removed'],
    ]);
  });

  it('waits until everything that the log held is applied, and says that it does', async () => {
    const tenant = 'ten_waits';
    await project(database, tenant, [seat('a', '2026-04-05T09:00:00Z')], new Date('2026-04-20T00:00:00Z'));
    stage.positions = [];
    await stage.moveTo('2026-05-01T01:30:00Z');
    expect(await stateOf(tenant, 'previous')).toBe('closing');
    stage.positions = [{ partition: 3, next: 7n, end: 9n }];
    await stage.moveTo('2026-05-01T02:00:00Z');
    expect([await stateOf(tenant, 'previous'), await stage.closer().underWay()]).not.toContain(0);
    stage.positions = [{ partition: 3, next: 8n, end: 12n }];
    expect(await stage.closer().pass()).toMatchObject({ closed: 0 });
    await project(database, tenant, [seat('b', '2026-04-30T23:59:59Z')], stage.now());
    stage.positions = [{ partition: 3, next: 9n, end: 15n }];
    await stage.closer().pass();
    stage.positions = ALL_APPLIED;
    expect([await stateOf(tenant, 'previous'), await stage.closer().underWay()]).toEqual(['closed', 0]);
    expect((await itemsOf(tenant, '2026-04-30')).map(({ userCode }) => userCode)).toEqual(['a', 'b']);
  });

  it('is closed once and whole when replicas race, and when a customer appears meanwhile', async () => {
    const tenant = 'ten_race';
    const customers = Array.from({ length: 60 }, (_, index) => `C${String(index).padStart(2, '0')}`);
    await project(
      database,
      tenant,
      customers.map((customer) => seat('a', '2026-05-05T09:00:00Z', customer)),
      new Date('2026-05-20T00:00:00Z'),
    );
    const closers = [stage.closer(), stage.closer(), stage.closer()];
    stage.positions = [{ partition: 0, next: 0n, end: 1n }];
    await stage.moveTo('2026-06-01T02:00:00Z');
    stage.positions = [{ partition: 0, next: 1n, end: 1n }];
    const racing = customers.map((_, index) =>
      project(database, tenant, [seat('n', '2026-05-31T12:00:00Z', `N${index}`)], stage.now()),
    );
    await Promise.all([...closers.map((closer) => closer.pass()), ...racing]);
    await stage.closer().pass();
    expect(await stateOf(tenant, 'previous')).toBe('closed');
    const frozen = new Set((await itemsOf(tenant, '2026-05-31')).map(({ customerCode }) => customerCode));
    expect(customers.every((customer) => frozen.has(customer))).toBe(true);
    // Whatever came too late is told as restated; whatever came in time is frozen; nothing is lost or told twice.
    const last = new Map((await sentTargets(database, tenant)).map((target) => [target.customerCode, target]));
    for (const customer of customers.map((_, index) => `N${index}`)) {
      const closed = last.get(customer)!.periods.find(({ id }) => id === '2026-05-31')!;
      const frozenLevel = closed.steps.at(-1)!.quantity;
      expect([closed.state, frozenLevel]).toEqual(['closed', frozen.has(customer) ? '1' : '0']);
      expect((closed.restated ?? closed).steps.at(-1)!.quantity).toBe('1');
    }
    stage.positions = ALL_APPLIED;
  });

  it('closes every month that a sleeping tenant missed', async () => {
    const tenant = 'ten_sleeps';
    await project(database, tenant, [seat('a', '2026-06-05T09:00:00Z')], new Date('2026-06-20T00:00:00Z'));
    await stage.moveTo('2026-12-05T00:00:00Z');
    const states = (await queries().periods(tenant, 7)).map(({ id, state }) => `${id} ${state}`);
    expect(states.slice(0, 3)).toEqual(['2026-12-31 open', '2026-11-30 closed', '2026-10-31 closed']);
    expect(states).toHaveLength(7);
    const last = (await sentTargets(database, tenant)).at(-1)!;
    expect(last.periods.map(({ id, state }) => [id, state])).toEqual([
      ['2026-09-30', 'closed'],
      ['2026-10-31', 'closed'],
      ['2026-11-30', 'closed'],
      ['2026-12-31', 'open'],
    ]);
  });
});

describe('a period laid anew while its closing begins', () => {
  it('is not closed with the days that it had', async () => {
    const tenant = 'ten_laid_anew';
    await project(database, tenant, [seat('a', '2027-01-02T09:00:00Z')], new Date('2027-01-03T00:00:00Z'));
    const settings = { closeDay: 5, timeZone: 'UTC', graceHours: 0 };
    const closer = new PeriodCloser({
      database,
      now: stage.now,
      positions: async () => {
        const change = { tenantId: tenant, settings, isSettled: false, savedAt: stage.now() };
        await inTransaction(database, (tx) => new BillingSettings(database).put(tx, change));
        return ALL_APPLIED;
      },
    });
    stage.positions = [];
    await stage.moveTo('2027-02-01T02:00:00Z');
    await closer.pass();
    const [snapshots] = await database.query('select count(*)::int as n from billing.snapshot where tenant_id = $1', [tenant]);
    expect([snapshots, await stateOf(tenant, '2027-01-10')]).toEqual([{ n: 0 }, 'open']);
    stage.positions = ALL_APPLIED;
    await stage.closer().pass();
  });
});

describe('a period of history', () => {
  it('closes by hand alone, and the operation tells how it went', async () => {
    const tenant = 'ten_history';
    await stage.moveTo('2027-02-02T00:00:00Z');
    await project(database, tenant, [seat('a', '2026-11-05T09:00:00Z')], stage.now());
    await stage.moveTo('2027-02-03T00:00:00Z');
    expect(await stateOf(tenant, '2026-11-30')).toBe('closing');
    const requested = await inTransaction(database, (tx) => requestClose(tx, tenant, '2026-11-30', by()));
    const operationId = (requested as { operationId: string }).operationId;
    expect(await queries().operation(tenant, operationId)).toMatchObject({ stage: 'waiting', kind: 'close', report: null });
    await stage.commands();
    await stage.closer().pass();
    const [snapshot] = (await queries().snapshots(tenant, '2026-11-30'))!;
    expect(await queries().operation(tenant, operationId)).toMatchObject({
      stage: 'done',
      etaSeconds: 0,
      report: { version: 1, itemCount: 1, sha256: snapshot!.sha256 },
    });
    expect([await stateOf(tenant, '2026-11-30'), await stateOf(tenant, '2026-12-31')]).toEqual(['closed', 'closing']);
  });

  it('is refused while it runs, twice, or when there is none', async () => {
    const ask = (period: string) => inTransaction(database, (tx) => requestClose(tx, 'ten_history', period, by()));
    expect([await ask('current'), await ask('2026-11-30'), await ask('2040-01-31')]).toEqual([
      { refused: 'not-ended' },
      { refused: 'closed' },
      { refused: 'unknown-period' },
    ]);
  });
});

describe('a closed period', () => {
  const tenant = 'ten_frozen';
  const named = (id: string, at: string, name: string) => eventOf(id, at, 'C1', 'user.renamed', { userCode: 'a', name });

  beforeAll(async () => {
    await stage.moveTo('2027-02-10T00:00:00Z');
    await project(
      database,
      tenant,
      [seat('a', '2027-02-05T09:00:00Z'), seat('b', '2027-02-06T09:00:00Z'), named('n1', '2027-02-05T09:00:00Z', 'Ann')],
      stage.now(),
    );
    await stage.moveTo('2027-03-01T02:00:00Z');
  });

  const everything = async () => ({
    items: await itemsOf(tenant, '2027-02-28'),
    filtered: (await queries().items(
      tenant,
      'tenant',
      '2027-02-28',
      { user: 'b', from: '2027-02-06', action: 'added' },
      { limit: 5 },
    ))!.data,
    summary: await queries().summary(tenant, 'tenant', '2027-02-28', {}, { limit: 5 }),
    lines: (await queries().lines(tenant, 'tenant', '2027-02-28', {}, { limit: 5 }))!.data.map(({ steps }) => steps),
    explain: await queries().explain(tenant, 'tenant', (await itemsOf(tenant, '2027-02-28'))[0]!.lineKey!, '2027-02-28'),
    snapshots: await queries().snapshots(tenant, '2027-02-28'),
  });

  it('stays as it is whatever comes late; the line is told what it would hold, and the open period follows', async () => {
    const before = await everything();
    await project(
      database,
      tenant,
      [
        seat('late', '2027-02-20T09:00:00Z'),
        unassigned('gone', '2027-02-25T09:00:00Z', 'C1', 'b'),
        named('n2', '2027-02-07T09:00:00Z', 'Anna'),
        eventOf('n3', '2027-02-01T09:00:00Z', 'C1', 'customer.renamed', { name: 'Later' }),
      ],
      stage.now(),
    );
    expect(await everything()).toEqual(before);
    expect(before.items.map(({ userCode, userName }) => [userCode, userName])).toEqual([
      ['a', 'Ann'],
      ['b', undefined],
    ]);
    expect(before.explain!.waterfall).toEqual([{ code: 'ADDED', quantity: '2', count: 2 }]);
    const last = lineTarget.parse((await sentTargets(database, tenant)).at(-1));
    expect(last.periods).toMatchObject([
      {
        state: 'closed',
        peak: '2',
        steps: [{ quantity: '0' }, { quantity: '1' }, { from: '2027-02-06', quantity: '2' }],
        restated: {
          present: '3',
          peak: '3',
          steps: [
            { quantity: '0' },
            { quantity: '1' },
            { quantity: '2' },
            { from: '2027-02-20', quantity: '3' },
            { from: '2027-02-25', quantity: '2' },
          ],
        },
      },
      { state: 'open', steps: [{ from: '2027-03-01', quantity: '2' }] },
    ]);
    expect(last.causes.map(({ reason }) => reason)).toEqual(['late', 'late']);
    const explained = (await queries().explain(tenant, 'tenant', last.lineKey, 'current'))!;
    expect(explained.waterfall).toEqual([
      { code: 'CARRIED', quantity: '2', count: 2 },
      { code: 'LATE', quantity: '0', count: 2 },
    ]);
    expect(
      explained.people.filter(({ reason }) => reason === 'late').map((one) => [one.userCode, one.delta, one.eventId]),
    ).toEqual([
      ['late', '1', 'C1-late'],
      ['b', '-1', 'gone'],
    ]);
  });

  it('is restated no longer once another late event takes the first one back', async () => {
    const other = 'ten_taken_back';
    await project(database, other, [seat('a', '2027-03-02T09:00:00Z')], stage.now());
    await stage.moveTo('2027-04-01T02:00:00Z');
    await project(database, other, [unassigned('gone', '2027-03-09T09:00:00Z', 'C1', 'a')], stage.now());
    const restated = (await sentTargets(database, other)).at(-1)!.periods[0]!.restated;
    await project(database, other, [assigned('back', '2027-03-09T09:00:00Z', 'C1', 'a')], stage.now());
    const last = (await sentTargets(database, other)).at(-1)!;
    expect([restated?.steps.at(-1)!.quantity, last.periods[0]!.restated, last.changed.quantity]).toEqual(['0', undefined, '1']);
  });

  it('carries a restated period beyond the third closed one, and reaches back to it', async () => {
    await stage.moveTo('2027-08-02T00:00:00Z');
    const ids = (await sentTargets(database, tenant)).at(-1)!.periods.map(({ id }) => id);
    expect(ids[0]).toBe('2027-02-28');
    const other = 'ten_far_back';
    await project(database, other, [seat('a', '2027-08-01T09:00:00Z')], stage.now());
    await stage.moveTo('2028-02-02T00:00:00Z');
    expect((await sentTargets(database, other)).at(-1)!.periods[0]!.id).toBe('2027-11-30');
    await project(database, other, [seat('z', '2027-08-20T09:00:00Z')], stage.now());
    const { periods } = (await sentTargets(database, other)).at(-1)!;
    expect(periods[0]).toMatchObject({ id: '2027-08-31', restated: { peak: '2' }, peak: '1' });
  });

  it('has a seal that its rows give again', async () => {
    const [snapshot] = (await queries().snapshots(tenant, '2027-02-28'))!;
    expect(await sealOf(database, { tenantId: tenant, periodId: '2027-02-28', version: 1 })).toEqual({
      sha256: snapshot!.sha256,
      itemCount: 2,
    });
  });

  it('keeps its days when the closing day changes', async () => {
    const change = {
      tenantId: tenant,
      settings: { closeDay: 10, timeZone: 'UTC', graceHours: 1 },
      isSettled: false,
      savedAt: stage.now(),
    };
    await inTransaction(database, (tx) => new BillingSettings(database).put(tx, change));
    expect(await queries().period(tenant, '2027-02-15')).toMatchObject({ id: '2027-02-28', state: 'closed' });
  });
});
