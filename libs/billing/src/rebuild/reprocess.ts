import { inTransaction } from '@trueup/persistence';
import type { DataSource, EntityManager } from 'typeorm';
import { listSnapshots } from '../closing/read-snapshot.js';
import { customersAfter } from '../commands/customers-in.js';
import { advanceOperation, countCustomers, finishOperation } from '../operations/operation-progress.js';
import { readOperation, type StoredOperation } from '../operations/operation.js';
import type { CustomerKey } from '../projection/customer-locks.js';
import { findPeriod } from '../queries/period-reference.js';
import { beginVersion, concludeVersion } from './next-version.js';
import type { PeriodDifference } from './period-difference.js';
import { reprocessCustomers, type ReprocessScope } from './reprocess-customers.js';

/** What a reprocess changed, or (of a dry run) would change. The lists hold the first of each, the counts all. */
export interface ReprocessReport extends PeriodDifference {
  rowCount: number;
  lineCount: number;
  /** The snapshot version that a run over a closed period wrote; null when nothing differed, and otherwise. */
  version: number | null;
}

const CUSTOMERS_PER_TRANSACTION = 10;
const MOST_LISTED = 200;

/**
 * Decides a period again, customer by customer, from the event store and the catalogue of now. A crash is resumed behind the last
 * customer. Returns the lines sent.
 */
export async function reprocess(
  database: DataSource,
  { tenantId, operationId }: { tenantId: string; operationId: string },
  now: () => Date,
): Promise<number> {
  const operation = await readOperation(database, tenantId, operationId);
  if (operation === null || operation.finishedAt !== null) return 0;
  const scope = await scopeOf(database, operation, now());
  const total = await countCustomers(database, tenantId);
  const ref = { tenantId, operationId };
  let [done, report, sent] = [operation.done, (operation.report ?? NOTHING) as ReprocessReport, 0];
  for await (const customers of customersAfter(database, { tenantId }, operation.afterCustomer, CUSTOMERS_PER_TRANSACTION)) {
    const found = await reprocessGroup(database, customers, scope, operation, now, (tx, difference) => {
      const afterCustomer = customers.at(-1)!.customerCode;
      const sum = summed(report, difference);
      return advanceOperation(tx, ref, { done: done + customers.length, total, afterCustomer, report: sum, now: now() });
    });
    done += customers.length;
    report = summed(report, found);
    sent += operation.isDryRun ? 0 : found.sent;
  }
  const version = scope.next === null ? null : await concludeVersion(database, scope.next, hasChanged(report), now());
  await finishOperation(database, ref, { ...report, version }, now());
  return sent;
}

const NOTHING: ReprocessReport = { rows: [], lines: [], rowCount: 0, lineCount: 0, version: null };
const hasChanged = ({ rowCount, lineCount }: ReprocessReport): boolean => rowCount + lineCount > 0;

async function scopeOf(database: DataSource, operation: StoredOperation, now: Date): Promise<ReprocessScope> {
  const { tenantId, id, periodId, isDryRun } = operation;
  const period = (await findPeriod(database, tenantId, periodId!, now))!;
  if (period.state !== 'closed') return { period, latest: null, next: null };
  const newest = (await listSnapshots(database, tenantId, period.id)).at(-1)!.version;
  const latest = { tenantId, periodId: period.id, version: newest };
  return { period, latest, next: isDryRun ? null : await beginVersion(database, latest, id, now) };
}

type Found = PeriodDifference & { sent: number };

// A dry run does everything and takes it back: what it reports is what a run would do.
async function reprocessGroup(
  database: DataSource,
  customers: readonly CustomerKey[],
  scope: ReprocessScope,
  { isDryRun }: StoredOperation,
  now: () => Date,
  advance: (tx: EntityManager, found: Found) => Promise<void>,
): Promise<Found> {
  if (!isDryRun) {
    return inTransaction(database, async (tx) => {
      const found = await reprocessCustomers(tx, customers, scope, now());
      await advance(tx, found);
      return found;
    });
  }
  const found = await takenBack(database, (tx) => reprocessCustomers(tx, customers, scope, now()));
  await advance(database.manager, found);
  return found;
}

async function takenBack<T>(database: DataSource, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  const runner = database.createQueryRunner();
  try {
    await runner.startTransaction();
    return await work(runner.manager);
  } finally {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
    await runner.release();
  }
}

function summed(report: ReprocessReport, { rows, lines }: PeriodDifference): ReprocessReport {
  return {
    rows: [...report.rows, ...rows].slice(0, MOST_LISTED),
    lines: [...report.lines, ...lines].slice(0, MOST_LISTED),
    rowCount: report.rowCount + rows.length,
    lineCount: report.lineCount + lines.length,
    version: null,
  };
}
