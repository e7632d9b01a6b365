import { inTransaction } from '@trueup/persistence';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClosingStage } from '../closing/closing.fixture.js';
import { requestReprocess } from '../operations/request-operation.js';
import { assigned, project, sentTargets, startedBilling } from '../projection/projection.fixture.js';
import { BillingQueries } from '../queries/billing-queries.js';
import { putCatalogueRows } from '../settings/catalogue.js';
import type { ReprocessReport } from './reprocess.js';

let database: DataSource;
let stage: ClosingStage;

beforeAll(async () => {
  database = await startedBilling();
  stage = new ClosingStage(database, '2026-03-20T12:00:00Z');
});
afterAll(() => database.destroy());

const seat = (customer: string, user: string, day = '05') =>
  assigned(`${customer}-${user}`, `2026-03-${day}T09:00:00Z`, customer, user, { planCode: 'p', planName: 'P' });
const queries = () => new BillingQueries(database, stage.now);

async function reprocessed(tenant: string, period: string, isDryRun: boolean): Promise<ReprocessReport> {
  const requested = await inTransaction(database, (tx) =>
    requestReprocess(tx, tenant, period, { isDryRun }, { actor: { id: 'ann' }, now: stage.now() }),
  );
  await stage.commands();
  const operation = await queries().operation(tenant, (requested as { operationId: string }).operationId);
  expect(operation).toMatchObject({ stage: 'done', isDryRun });
  return operation!.report as ReprocessReport;
}

/** A price that the command of the change has not reached yet, as when it was lost: the reprocess finds it. */
async function priceUnseen(tenant: string, sku: string): Promise<void> {
  await inTransaction(database, async (tx) => {
    const rows = [{ planCode: 'p', sku, validFrom: '2026-01-01' }];
    await putCatalogueRows(tx, { tenantId: tenant, serviceCode: 's', rows, savedAt: stage.now() });
    await tx.query('delete from billing.command where tenant_id = $1', [tenant]);
  });
}

describe('a reprocess of the open period', () => {
  it('shows first, changes nothing, then does exactly that', async () => {
    const tenant = 'ten_open';
    await stage.moveTo('2026-03-20T12:00:00Z');
    await project(database, tenant, [seat('C1', 'a'), seat('C1', 'b'), seat('C2', 'a')]);
    await priceUnseen(tenant, 'NEW');
    const sent = (await sentTargets(database, tenant)).length;
    const shown = await reprocessed(tenant, 'current', true);
    expect((await sentTargets(database, tenant)).length).toBe(sent);
    expect(shown).toMatchObject({ rowCount: 6, lineCount: 4, version: null });
    expect(shown.lines.map(({ customerCode, sku, before, after }) => [customerCode, sku, before.length, after.length])).toEqual([
      ['C1', 'SKU-s', 2, 0],
      ['C2', 'SKU-s', 2, 0],
      ['C1', 'NEW', 0, 2],
      ['C2', 'NEW', 0, 2],
    ]);
    expect(await reprocessed(tenant, 'current', false)).toEqual(shown);
    expect((await sentTargets(database, tenant)).length).toBe(sent + 4);
    expect(await reprocessed(tenant, 'current', false)).toMatchObject({ rows: [], lines: [], rowCount: 0 });
    expect((await sentTargets(database, tenant)).length).toBe(sent + 4);
  });
});

describe('a reprocess of a closed period', () => {
  it('writes the next version beside the frozen one and restates the lines', async () => {
    const tenant = 'ten_closed';
    await project(database, tenant, [seat('C1', 'a'), seat('C2', 'a')]);
    await stage.moveTo('2026-04-02T00:00:00Z');
    const frozen = await queries().items(tenant, 'tenant', '2026-03-31', {}, { limit: 50 });
    expect(await reprocessed(tenant, '2026-03-31', false)).toMatchObject({ rowCount: 0, lineCount: 0, version: null });
    await project(database, tenant, [seat('C1', 'late', '20')], stage.now());
    expect(await reprocessed(tenant, '2026-03-31', true)).toMatchObject({ rowCount: 1, lineCount: 1, version: null });
    expect((await queries().snapshots(tenant, '2026-03-31'))!.map(({ version }) => version)).toEqual([1]);
    const report = await reprocessed(tenant, '2026-03-31', false);
    expect(report).toMatchObject({ rowCount: 1, version: 2, rows: [{ before: null, after: { userCode: 'late' } }] });
    const snapshots = (await queries().snapshots(tenant, '2026-03-31'))!;
    expect(snapshots.map(({ version, itemCount }) => [version, itemCount])).toEqual([
      [1, 2],
      [2, 3],
    ]);
    expect(snapshots[0]!.sha256).not.toBe(snapshots[1]!.sha256);
    expect(await queries().items(tenant, 'tenant', '2026-03-31', {}, { limit: 50 })).toEqual(frozen);

    await priceUnseen(tenant, 'NEW');
    expect(await reprocessed(tenant, '2026-03-31', false)).toMatchObject({ lineCount: 4, version: 3 });
    const last = new Map((await sentTargets(database, tenant)).map((target) => [`${target.customerCode} ${target.sku}`, target]));
    const march = (key: string) => last.get(key)!.periods.find(({ id }) => id === '2026-03-31')!;
    expect([march('C1 SKU-s').peak, march('C1 SKU-s').restated?.peak]).toEqual(['1', '0']);
    expect([march('C1 NEW').peak, march('C1 NEW').restated?.peak]).toEqual(['0', '2']);
    expect(await queries().items(tenant, 'tenant', '2026-03-31', {}, { limit: 50 })).toEqual(frozen);
  });
});

describe('what has no sku', () => {
  it('is told by customer, service and plan', async () => {
    const tenant = 'ten_no_sku';
    const without = (user: string) =>
      assigned(`w-${user}`, '2026-03-05T09:00:00Z', 'C1', user, { sku: undefined, planCode: 'p', planName: 'P' });
    await project(database, tenant, [without('a'), without('b'), seat('C1', 'c')]);
    expect(await queries().itemsWithoutSku(tenant, 'tenant')).toEqual([
      { customerCode: 'C1', kind: 'service', serviceCode: 's', serviceName: 'Service', planCode: 'p', count: 2 },
    ]);
    expect(await queries().itemsWithoutSku(tenant, { customerCodes: ['C2'] })).toEqual([]);
  });
});
