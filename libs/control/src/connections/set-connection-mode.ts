import { type ConnectionMode, CONNECTION_MODES } from '@trueup/contracts';
import type { EntityManager } from 'typeorm';
import { lockSettings } from '../settings-lock.js';
import type { SqlRunner } from '../sql-runner.js';
import { findConnection } from './find-connections.js';
import { raiseEpoch } from './raise-epoch.js';
import type { StoredConnection } from './stored-connection.js';

export type ModeChange =
  { connection: StoredConnection; direction: 'up' | 'down' | 'same' } | { refused: 'baseline-unfinished'; linesNotSeen: number };

/**
 * Sets the mode and raises the epoch. A step up needs a finished baseline; the caller judges the other conditions.
 * After a step down the caller waits for one lease before it answers. Null when there is no such connection.
 */
export async function setConnectionMode(
  tx: EntityManager,
  tenantId: string,
  id: string,
  mode: ConnectionMode,
  at: Date,
): Promise<ModeChange | null> {
  await lockSettings(tx, tenantId);
  const before = await findConnection(tx, tenantId, id);
  if (!before) return null;
  const direction = directionOf(before.mode, mode);
  if (direction === 'same') return { connection: before, direction };
  const linesNotSeen = direction === 'up' ? await countLinesNotSeen(tx, tenantId, id) : 0;
  if (linesNotSeen > 0) return { refused: 'baseline-unfinished', linesNotSeen };
  await tx.query('update control.connection set mode = $3, updated_at = $4 where tenant_id = $1 and id = $2', [
    tenantId,
    id,
    mode,
    at,
  ]);
  await raiseEpoch(tx, tenantId, id, 'mode');
  return { connection: (await findConnection(tx, tenantId, id))!, direction };
}

/** Mapped agreement lines that no connector has looked at yet; 0 means that the baseline is finished. */
export async function countLinesNotSeen(db: SqlRunner, tenantId: string, connectionId: string): Promise<number> {
  const [row] = await db.query<{ count: string }[]>(
    `select count(*) from control.agreement_line l
     where l.tenant_id = $1 and l.connection_id = $2 and l.baseline is null and not l.outcome_is_final and l.version > 0
       and exists (select 1 from control.agreement_line_part p
         where p.connection_id = l.connection_id and p.agreement_line_key = l.agreement_line_key and not p.is_left)`,
    [tenantId, connectionId],
  );
  return Number(row?.count ?? 0);
}

function directionOf(before: ConnectionMode, after: ConnectionMode): 'up' | 'down' | 'same' {
  const climb = CONNECTION_MODES.indexOf(after) - CONNECTION_MODES.indexOf(before);
  return climb > 0 ? 'up' : climb < 0 ? 'down' : 'same';
}
