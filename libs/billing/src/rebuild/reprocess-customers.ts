import type { Period } from '@trueup/domain';
import type { EntityManager } from 'typeorm';
import { readPart } from '../closing/read-snapshot.js';
import { takePart } from '../closing/snapshot-rows.js';
import { type SnapshotKey, writePart } from '../closing/write-snapshot.js';
import { rederiveHoldings, sendLines } from '../commands/rederive-customers.js';
import { type CustomerKey, lockCustomers } from '../projection/customer-locks.js';
import { readContext } from '../projection/projection-context.js';
import { type PeriodDifference, periodDifference } from './period-difference.js';
import { refoldCustomers } from './refold-customers.js';

/** What to decide again, and where the result goes. */
export interface ReprocessScope {
  period: Period;
  /** The newest snapshot of a closed period: what is compared with; null while the period is not closed. */
  latest: SnapshotKey | null;
  /** The version that a run writes; null when none is written. */
  next: SnapshotKey | null;
}

/** Decides customers of one tenant again in the caller's transaction, sends the lines that differ, and tells what changed in the period. */
export async function reprocessCustomers(
  tx: EntityManager,
  keys: readonly CustomerKey[],
  { period, latest, next }: ReprocessScope,
  now: Date,
): Promise<PeriodDifference & { sent: number }> {
  const locked = await lockCustomers(tx, keys);
  const before = latest === null ? await takePart(tx, locked, period) : await readPart(tx, latest, locked);
  const { customers, assignments } = await refoldCustomers(tx, locked);
  const context = await readContext(tx, customers, now);
  const changes = await rederiveHoldings(tx, assignments, context);
  const after = await takePart(tx, customers, period);
  if (next !== null) await writePart(tx, next, customers, after);
  const sent = await sendLines(tx, { locked: customers, changes, everyLine: true, context });
  return { ...periodDifference(before, after), sent };
}
