import { type Outcome, levelOn } from '@trueup/contracts';
import { type AgreementLineRow, type StoredConnection, resolveAgreementLine } from '@trueup/control';
import { addQuantities, subtractQuantities } from '@trueup/domain';
import type { EntityManager } from 'typeorm';
import type { TenantDay } from '../tenant-day.js';

/** Adopts, from today on, what somebody changed in the PSA, where the connection's policy says so. Call it with the row saved and locked. */
export async function adoptDrift(
  tx: EntityManager,
  day: TenantDay,
  row: AgreementLineRow,
  outcome: Outcome,
  connection: StoredConnection,
): Promise<void> {
  if (connection.settings.onDrift !== 'adopt' || outcome.code !== 'DRIFT_DETECTED') return;
  if (outcome.version !== row.version || row.isBlocked) return;
  const quantity = driftedTo(row, outcome);
  const resolution = {
    ...({ choice: 'adopt', reason: 'The connection adopts what is changed in the PSA', from: day.today } as const),
    ...(quantity !== undefined && { quantity }),
  };
  const actor = { kind: 'system', name: 'drift policy' } as const;
  await resolveAgreementLine(tx, day.tenantId, row, resolution, { actor, now: day.at, cause: 'PSA_DRIFT' });
}

/**
 * The offset that explains the drift: theirs against what was last confirmed, so that a change of ours that waits is no part of it.
 * Undefined when settling showed neither value: then nobody can tell the two apart, and theirs is kept as it is.
 */
function driftedTo(row: AgreementLineRow, { kind, held }: Outcome): string | undefined {
  if (kind !== 'held' || !held || held.steps === 'unreadable') return undefined;
  const on = held.readAt.slice(0, 10);
  const known = row.deliveredQuantity ?? levelOn(row.baseline?.steps ?? [], on);
  return addQuantities(row.offsetUnits, subtractQuantities(levelOn(held.steps, on), known));
}
