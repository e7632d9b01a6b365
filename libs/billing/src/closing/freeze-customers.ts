import type { Period } from '@trueup/domain';
import type { EntityManager } from 'typeorm';
import { assignmentsOf, rederiveHoldings, sendLines } from '../commands/rederive-customers.js';
import { type CustomerKey, type LockedCustomer, lockCustomers } from '../projection/customer-locks.js';
import { readContext } from '../projection/projection-context.js';
import { takePart } from './snapshot-rows.js';
import { type SnapshotKey, writePart } from './write-snapshot.js';

/**
 * Decides customers of one tenant once more and freezes what they hold in a period, under their locks: an event is applied before that and
 * counts, or after it and is late. Their lines are sent with the period closed. Those frozen already are passed over. Returns the number
 * of lines sent.
 */
export async function freezeCustomers(
  tx: EntityManager,
  key: SnapshotKey,
  period: Period,
  customers: readonly CustomerKey[],
  now: Date,
): Promise<number> {
  const locked = await unfrozen(tx, key, await lockCustomers(tx, customers));
  if (locked.length === 0) return 0;
  const before = await readContext(tx, locked, now);
  const changes = await rederiveHoldings(tx, await assignmentsOf(tx, locked, 'all'), before);
  await writePart(tx, key, locked, await takePart(tx, locked, period));
  const after = await readContext(tx, locked, now);
  return sendLines(tx, { locked, changes, everyLine: true, context: after });
}

async function unfrozen(
  tx: EntityManager,
  { tenantId, periodId, version }: SnapshotKey,
  locked: readonly LockedCustomer[],
): Promise<LockedCustomer[]> {
  const frozen = await tx.query<{ code: string }[]>(
    `select customer_code as code from billing.snapshot_customer
     where tenant_id = $1 and period_id = $2::date and version = $3 and customer_code = any($4::text[])`,
    [tenantId, periodId, version, locked.map(({ customerCode }) => customerCode)],
  );
  const codes = new Set(frozen.map(({ code }) => code));
  return locked.filter(({ customerCode }) => !codes.has(customerCode));
}
