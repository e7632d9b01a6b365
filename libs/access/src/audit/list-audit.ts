import type { SqlRunner } from '../sql-runner.js';
import type { AuditEntry } from './audit-entry.js';

export interface AuditFilter {
  tenantId: string;
  /** The id of the person or token. */
  actor?: string;
  action?: string;
  /** From this instant on. */
  from?: Date;
  /** Before this instant. */
  to?: Date;
  /** The place of the last entry seen; older ones follow. */
  before?: number;
  limit: number;
}

/** Entries of a tenant's chain, newest first. */
export async function listAudit(db: SqlRunner, filter: AuditFilter): Promise<AuditEntry[]> {
  const { tenantId, actor, action, from, to, before, limit } = filter;
  const rows = await db.query<{ content: string }[]>(
    `select content from access.audit_entry
     where tenant_id = $1 and ($2::text is null or actor_id = $2) and ($3::text is null or action = $3)
       and ($4::timestamptz is null or at >= $4) and ($5::timestamptz is null or at < $5)
       and ($6::bigint is null or seq < $6)
     order by seq desc limit $7`,
    [tenantId, actor ?? null, action ?? null, from ?? null, to ?? null, before ?? null, limit],
  );
  return rows.map((row) => JSON.parse(row.content) as AuditEntry);
}
