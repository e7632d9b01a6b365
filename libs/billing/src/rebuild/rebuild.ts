import { inTransaction } from '@trueup/persistence';
import type { DataSource, EntityManager } from 'typeorm';
import { customersAfter } from '../commands/customers-in.js';
import { rederiveHoldings, sendLines } from '../commands/rederive-customers.js';
import { advanceOperation, countCustomers, finishOperation } from '../operations/operation-progress.js';
import { readOperation } from '../operations/operation.js';
import { type CustomerKey, lockCustomers } from '../projection/customer-locks.js';
import { readContext } from '../projection/projection-context.js';
import { refoldCustomers } from './refold-customers.js';

/** What a rebuild found: rows and lines that differed, now as the event store tells them. */
export interface RebuildReport {
  rows: number;
  lines: number;
}

const CUSTOMERS_PER_TRANSACTION = 10;

/**
 * Rebuilds customers of a tenant (default all) from the event store, on the live tables, in short transactions; a crash is resumed behind
 * the last one. What is right already is neither written nor sent. Returns the lines sent.
 */
export async function rebuild(
  database: DataSource,
  { tenantId, operationId, customerCodes }: { tenantId: string; operationId: string; customerCodes?: readonly string[] },
  now: () => Date,
): Promise<number> {
  const operation = await readOperation(database, tenantId, operationId);
  if (operation === null || operation.finishedAt !== null) return 0;
  const total = await countCustomers(database, tenantId, customerCodes);
  const ref = { tenantId, operationId };
  let [done, report, sent] = [operation.done, (operation.report ?? { rows: 0, lines: 0 }) as RebuildReport, 0];
  const scope = { tenantId, ...(customerCodes && { customerCodes }) };
  for await (const customers of customersAfter(database, scope, operation.afterCustomer, CUSTOMERS_PER_TRANSACTION)) {
    const result = await inTransaction(database, async (tx) => {
      const { rows, lines } = await rebuildCustomers(tx, customers, now());
      const sum = { rows: report.rows + rows, lines: report.lines + lines };
      const afterCustomer = customers.at(-1)!.customerCode;
      await advanceOperation(tx, ref, { done: done + customers.length, total, afterCustomer, report: sum, now: now() });
      return { sum, lines };
    });
    done += customers.length;
    report = result.sum;
    sent += result.lines;
  }
  await finishOperation(database, ref, report, now());
  return sent;
}

/** Folds, derives and counts customers of one tenant again in the caller's transaction, and sends the lines that differ. */
export async function rebuildCustomers(tx: EntityManager, keys: readonly CustomerKey[], now: Date): Promise<RebuildReport> {
  const { customers, assignments } = await refoldCustomers(tx, await lockCustomers(tx, keys));
  const context = await readContext(tx, customers, now);
  const changes = await rederiveHoldings(tx, assignments, context);
  return { rows: changes.length, lines: await sendLines(tx, { locked: customers, changes, everyLine: true, context }) };
}
