import { appendLog, finishManualRuns, listConnections } from '@trueup/control';
import type { EntityManager } from 'typeorm';
import type { TenantDay } from '../tenant-day.js';

/** Ends manual runs that have nothing to wait for any more; the last entry of their log says so. */
export async function endRuns(tx: EntityManager, day: TenantDay, runIds: readonly string[]): Promise<void> {
  if (runIds.length === 0) return;
  const ended = await finishManualRuns(tx, runIds, day.at);
  if (ended.length === 0) return;
  const kinds = new Map((await listConnections(tx, day.tenantId)).map(({ id, kind }) => [id, kind]));
  const entries = ended.map(({ id, connectionId }) => ({
    ...{ runId: id, tenantId: day.tenantId, connectionId, kind: kinds.get(connectionId) ?? '' },
    ...({ code: 'RUN_FINISHED', message: 'The manual run is finished' } as const),
  }));
  await appendLog(tx, entries, day.at);
}
