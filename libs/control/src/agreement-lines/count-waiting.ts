import type { SqlRunner } from '../sql-runner.js';

/** Agreement lines under way, of one kind of waiting. */
export interface WaitingLines {
  connectionId: string;
  state: string;
  code: string | null;
  count: number;
}

/**
 * Released agreement lines that still move by themselves. What waits for a person (secrets, settings), a day or a posting window is not under way, and
 * nothing is for a connection that was removed.
 */
export async function countWaiting(db: SqlRunner): Promise<WaitingLines[]> {
  return db.query(
    `select l.connection_id as "connectionId", l.state, l.code, count(*)::int as count
     from control.agreement_line l join control.connection c on c.id = l.connection_id and c.deleted_at is null
     where not l.outcome_is_final and l.version > 0 and l.state in ('pending', 'unsettled') and not l.is_blocked
       and l.deferred_until is null and l.waits_until is null and coalesce(l.code, '') not in ('EFFECTIVE_DATE_TAKEN', 'SECRETS_INVALID', 'SECRET_MISSING', 'CONFIG_INVALID')
     group by l.connection_id, l.state, l.code order by l.connection_id, l.state, l.code`,
  );
}
