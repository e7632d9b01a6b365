import { appendCommand } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import { lockAgreementLines } from '../agreement-lines/agreement-line-store.js';
import type { SqlRunner } from '../sql-runner.js';
import type { DecisionMaker } from './decision-maker.js';
import { listHolds } from './list-holds.js';
import { type Refusal, resolveAgreementLine } from './resolve-agreement-line.js';

export type ReleaseRefusal = Refusal<'unknown' | 'already-released' | 'claimed-twice' | 'quantity-needed'>;

/** Codes of holds in which the PSA differs from ours: letting them pass sends ours. */
const DIFFERENCES: ReadonlySet<string> = new Set(['DIFFERS_AT_START', 'DRIFT_DETECTED']);

/**
 * Lets a hold pass, with a note. Where the PSA differs it sends ours (like an overwrite from the first day of writing on); what a guard
 * kept back is released as it was held, and anything else is looked at again. A hold that has become another one is unknown.
 */
export async function releaseHold(
  tx: EntityManager,
  tenantId: string,
  holdId: string,
  decision: DecisionMaker & { note: string },
): Promise<{ ok: true } | ReleaseRefusal> {
  const [seen] = await listHolds(tx, tenantId, 'tenant', { limit: 1, holdId });
  const [row] = seen ? await lockAgreementLines(tx, [seen]) : [];
  const [hold] = row ? await listHolds(tx, tenantId, 'tenant', { limit: 1, holdId }) : [];
  if (!hold || !row) return { refused: 'unknown', text: 'There is no such hold any more' };
  if (hold.releasedBy !== undefined) return { refused: 'already-released', text: 'The hold is released already' };
  if (hold.code === 'LINE_CLAIMED_TWICE') {
    return { refused: 'claimed-twice', text: 'Two agreement lines claim the same units: correct the mapping' };
  }
  const { note, actor, now } = decision;
  if (DIFFERENCES.has(hold.code)) {
    const overwrite = { choice: 'overwrite', reason: note, from: row.writesFrom! } as const;
    const resolved = await resolveAgreementLine(tx, tenantId, hold, overwrite, { actor, now });
    if ('refused' in resolved) return { refused: 'quantity-needed', text: resolved.text };
  }
  await tx.query(
    `insert into control.hold_release (hold_id, tenant_id, connection_id, agreement_line_key, code, message, note, actor, released_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [holdId, tenantId, hold.connectionId, hold.agreementLineKey, hold.code, hold.message, note, JSON.stringify(actor), now],
  );
  if (!DIFFERENCES.has(hold.code)) await appendCommand(tx, 'control', { tenantId, kind: 'release-hold', payload: { holdId } });
  return { ok: true };
}

/** A hold that somebody let pass and that still has to be carried out. */
export interface PendingRelease {
  holdId: string;
  connectionId: string;
  agreementLineKey: string;
}

/** Those of the releases named that nobody has acted on. */
export function pendingReleases(db: SqlRunner, tenantId: string, holdIds: readonly string[]): Promise<PendingRelease[]> {
  return db.query(
    `select hold_id as "holdId", connection_id as "connectionId", agreement_line_key as "agreementLineKey" from control.hold_release
     where tenant_id = $1 and hold_id = any($2::text[]) and applied_at is null order by connection_id, agreement_line_key`,
    [tenantId, [...holdIds]],
  );
}

/** Notes that change-control has acted on the releases. */
export async function markReleasesApplied(tx: SqlRunner, holdIds: readonly string[], at: Date): Promise<void> {
  await tx.query('update control.hold_release set applied_at = $2 where hold_id = any($1::text[])', [[...holdIds], at]);
}
