import { canonicalJson } from '@trueup/contracts';
import type { SqlRunner } from '../sql-runner.js';
import { CHAIN_START, hashOfEntry } from './audit-entry.js';
import type { Act, AuditEntry } from './audit-entry.js';

/**
 * Adds an act to its tenant's chain. Call it last in the transaction that carries the act out: it locks the chain's head until that
 * ends, so acts of one tenant queue here and nowhere earlier.
 */
export async function appendAudit(tx: SqlRunner, act: Act): Promise<AuditEntry> {
  const { tenantId, action, actor } = act;
  const head = await lockHead(tx, tenantId);
  const entry: AuditEntry = { ...act, seq: Number(head.seq) + 1, at: act.at.toISOString() };
  const content = canonicalJson(entry);
  const hash = hashOfEntry(head.hash, content);
  await tx.query(
    `insert into access.audit_entry (tenant_id, seq, at, actor_id, action, content, previous_hash, hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [tenantId, entry.seq, act.at, actor.id, action, content, head.hash, hash],
  );
  await tx.query('update access.audit_head set seq = $2, hash = $3 where tenant_id = $1', [tenantId, entry.seq, hash]);
  return entry;
}

async function lockHead(tx: SqlRunner, tenantId: string): Promise<{ seq: string; hash: Buffer }> {
  // The update that changes nothing takes the row's lock; the insert makes the row for a tenant's first act.
  const rows = await tx.query<{ seq: string; hash: Buffer }[]>(
    `insert into access.audit_head as head (tenant_id, seq, hash) values ($1, 0, $2)
     on conflict (tenant_id) do update set seq = head.seq returning head.seq, head.hash`,
    [tenantId, CHAIN_START],
  );
  return rows[0]!;
}
