import type { Outcome, ShiftedDays } from '@trueup/contracts';
import { type AgreementLineRow, type ShiftedCorrection, replaceShiftedCorrections } from '@trueup/control';
import type { EntityManager } from 'typeorm';

const RESTS_ON_A_PLAN = new Set<Outcome['kind']>(['delivered', 'created', 'zeroed', 'unchanged', 'deferred']);

/**
 * Lists as corrections the days on which the PSA bills another quantity than the newest schedule asks for, because a date was taken or a
 * period posted: they are for a person or a one-off charge, and never sent on their own days.
 */
export async function listShiftedDays(tx: EntityManager, row: AgreementLineRow, outcome: Outcome, at: Date): Promise<void> {
  const isTold = RESTS_ON_A_PLAN.has(outcome.kind) && outcome.version === row.version && outcome.isPreview !== true;
  // A deferral without a date says nothing about days: the breaker is open, or the settings were stale.
  if (!isTold || (outcome.kind === 'deferred' && outcome.until === undefined)) return;
  const { tenantId, connectionId, agreementLineKey, writesFrom } = row;
  if (writesFrom === null) return;
  const corrections = (outcome.shifted ?? []).map((days) => correctionOf(row, days));
  await replaceShiftedCorrections(tx, { tenantId, connectionId, agreementLineKey, since: writesFrom, corrections, at });
}

function correctionOf({ steps, sku, billingIdentifier }: AgreementLineRow, days: ShiftedDays): ShiftedCorrection {
  const { wanted, taken, units, reason } = days;
  const periodId = steps.findLast((step) => step.from <= wanted)?.periodId ?? steps[0]!.periodId;
  const message = `${sku} of account ${billingIdentifier}: ${units} units from ${wanted} on are billed from ${taken} on only`;
  return { periodId, units, from: wanted, to: taken, reason, message };
}
