import { inTransaction } from '@trueup/persistence';
import type { DataSource } from 'typeorm';
import { customersIn } from '../commands/customers-in.js';
import { advanceOperation, closesOf, countCustomers, finishOperation } from '../operations/operation-progress.js';
import type { ClosingPeriod } from './closing-period.js';
import { freezeCustomers } from './freeze-customers.js';
import { closePeriod, type Seal, sealOf } from './seal-snapshot.js';
import type { SnapshotKey } from './write-snapshot.js';

/** Small customers share a transaction; a lock is held for milliseconds all the same. */
const CUSTOMERS_PER_TRANSACTION = 25;

/** Freezes a period customer by customer, seals its snapshot and closes it. After a crash it goes on where it stopped. Returns the lines sent. */
export async function freezePeriod(database: DataSource, closing: ClosingPeriod, now: () => Date): Promise<number> {
  const key = { tenantId: closing.tenantId, periodId: closing.period.id, version: 1 };
  let sent = 0;
  for (;;) {
    sent += await freezeAll(database, key, closing, now);
    const sealed = await sealOf(database, key);
    if (await inTransaction(database, (tx) => close(tx, key, sealed, now()))) return sent;
  }
}

async function freezeAll(database: DataSource, key: SnapshotKey, { period }: ClosingPeriod, now: () => Date): Promise<number> {
  const [operations, total] = await Promise.all([
    closesOf(database, key.tenantId, key.periodId),
    countCustomers(database, key.tenantId),
  ]);
  let [sent, done] = [0, 0];
  for await (const customers of customersIn(database, { tenantId: key.tenantId }, CUSTOMERS_PER_TRANSACTION)) {
    sent += await inTransaction(database, (tx) => freezeCustomers(tx, key, period, customers, now()));
    done += customers.length;
    for (const operation of operations) await advanceOperation(database, operation, { done, total, now: now() });
  }
  return sent;
}

async function close(tx: Parameters<typeof closePeriod>[0], key: SnapshotKey, sealed: Seal, now: Date): Promise<boolean> {
  const isClosed = await closePeriod(tx, key, sealed, now);
  if (!isClosed) return false;
  for (const operation of await closesOf(tx, key.tenantId, key.periodId)) {
    await finishOperation(tx, operation, { version: key.version, ...sealed }, now);
  }
  return true;
}
