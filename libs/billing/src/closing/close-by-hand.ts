import { inTransaction } from '@trueup/persistence';
import type { DataSource } from 'typeorm';
import { finishOperation } from '../operations/operation-progress.js';
import { readOperation } from '../operations/operation.js';
import { findPeriod } from '../queries/period-reference.js';
import { openPeriods } from '../settings/open-periods.js';
import { readTenantSettings } from '../settings/tenant-settings.js';
import { beginClosing } from './begin-closing.js';
import { listSnapshots } from './read-snapshot.js';

/** Begins to close the period that somebody asked for; the closer finishes it. One that is closed by now ends the operation. Sends nothing. */
export async function closeByHand(
  database: DataSource,
  { tenantId, operationId }: { tenantId: string; operationId: string },
  now: () => Date,
): Promise<number> {
  const operation = await readOperation(database, tenantId, operationId);
  if (operation === null || operation.finishedAt !== null) return 0;
  const period = (await findPeriod(database, tenantId, operation.periodId!, now()))!;
  if (period.state === 'closed') {
    const [first] = await listSnapshots(database, tenantId, period.id);
    await finishOperation(database, { tenantId, operationId }, first, now());
    return 0;
  }
  const settings = (await readTenantSettings(database, [tenantId])).get(tenantId)!;
  await inTransaction(database, async (tx) => {
    await openPeriods(tx, [{ settings, earliestMs: period.startsAtMs }], now());
    await beginClosing(tx, tenantId, [period.id], now());
  });
  return 0;
}
