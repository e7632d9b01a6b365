import type { Actor } from '@trueup/contracts';
import { appendCommand } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import { findQuarantined, type Quarantined } from './quarantined.js';

/** What a person decides about a quarantined record, with the reason. */
export interface QuarantineDecision {
  choice: 'release' | 'discard';
  note: string;
  actor: Actor;
  now: Date;
}

/** `unknown`: the tenant has no such record; `decided`: somebody was first. */
export type DecidedQuarantine = { record: Quarantined } | { refused: 'unknown' | 'decided' };

/**
 * Releases a record, which then goes through the projector again by a command of the same transaction, or discards it. A release that
 * fails again leaves it waiting, with the new errors; what was released or discarded once stays so.
 */
export async function decideQuarantined(
  tx: EntityManager,
  tenantId: string,
  id: string,
  { choice, note, actor, now }: QuarantineDecision,
): Promise<DecidedQuarantine> {
  const found = await findQuarantined(tx, tenantId, id, 'for update');
  if (found === null) return { refused: 'unknown' };
  if (found.state !== 'waiting') return { refused: 'decided' };
  const state = choice === 'release' ? 'releasing' : 'discarded';
  await tx.query(
    `update billing.quarantine set state = $3, note = $4, decided_by = $5::jsonb, decided_at = $6 where tenant_id = $1 and id = $2::bigint`,
    [tenantId, id, state, note, JSON.stringify(actor), now],
  );
  if (choice === 'release') await appendCommand(tx, 'billing', { tenantId, kind: 'release-record', payload: { recordId: id } });
  return { record: (await findQuarantined(tx, tenantId, id))! };
}
