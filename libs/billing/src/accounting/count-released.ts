import type { SqlRunner } from '../sql-runner.js';
import { addCounts } from './count-projected.js';
import { hourOf } from './hour-of.js';

/** Partition of what people decided: a sum with the partitions' own rows. */
const DECIDED = -1;

/** A record that left quarantine, and what came of it. */
export interface CountedRelease {
  tenantId: string;
  recordedAt: string | undefined;
  quarantinedAt: Date;
  outcome: 'applied' | 'duplicate';
}

/** Moves a released record to what became of it, in the hour under which it was quarantined. */
export async function countReleased(tx: SqlRunner, released: CountedRelease): Promise<void> {
  const { tenantId, recordedAt, quarantinedAt, outcome } = released;
  const isApplied = outcome === 'applied';
  const moved = { applied: isApplied ? 1 : 0, duplicates: isApplied ? 0 : 1, quarantined: -1 };
  await addCounts(tx, DECIDED, [{ tenantId, hour: hourOf(recordedAt, quarantinedAt), ...moved }]);
}
