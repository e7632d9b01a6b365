import { appendCommand } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import { lockSettings } from '../settings-lock.js';

export type EpochReason = 'mode' | 'secrets' | 'base-url' | 'mapping' | 'removed' | 'restored';

/**
 * Raises the connection's epoch in the transaction of the change that needs it: from the commit on no write of an older release is
 * sent, and change-control releases again what had no final outcome. New secrets and a new host end a suspension.
 * Returns the new epoch, or null when the tenant has no such connection.
 */
export async function raiseEpoch(
  tx: EntityManager,
  tenantId: string,
  connectionId: string,
  reason: EpochReason,
): Promise<number | null> {
  // A decision under way would release by the old epoch after the command has looked: nobody would release that line again.
  await lockSettings(tx, tenantId);
  const heals = reason === 'secrets' || reason === 'base-url';
  const rows = await tx.query<{ epoch: number }[]>(
    `with raised as (
       update control.connection set epoch = epoch + 1, state = case when $3 then 'ready' else state end,
         reason = case when $3 then null else reason end
       where tenant_id = $1 and id = $2 returning epoch)
     select epoch from raised`,
    [tenantId, connectionId, heals],
  );
  if (!rows[0]) return null;
  await appendCommand(tx, 'control', { tenantId, kind: 'epoch-raised', payload: { connectionId, reason } });
  return rows[0].epoch;
}
