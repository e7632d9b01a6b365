import type { Outcome, ShiftedDays } from '@trueup/contracts';
import { type AgreementLineRow, type ShiftedCorrection, replaceShiftedCorrections } from '@trueup/control';
import type { EntityManager } from 'typeorm';
import { endCorrections } from './settle-corrections.js';

const RESTS_ON_A_PLAN = new Set<Outcome['kind']>(['delivered', 'created', 'zeroed', 'unchanged', 'deferred']);

/**
 * Lists as corrections the days on which the PSA bills another quantity than the newest schedule asks for, because a date was taken or a
 * period posted: they are for a person or a one-off charge, and never sent on their own days.
 */
export async function listShiftedDays(tx: EntityManager, row: AgreementLineRow, outcome: Outcome, at: Date): Promise<void> {
  const isTold = RESTS_ON_A_PLAN.has(outcome.kind) && outcome.version === row.version && outcome.isPreview !== true;
  // A deferral without a date says nothing about days: the breaker is open, or the settings were stale.
  if (!isTold || (outcome.kind === 'deferred' && outcome.until === undefined)) return;
  const { tenantId, connectionId, agreementLineKey, change } = row;
  if (change === null) return;
  const missed = await endCorrections(tx, row, outcome);
  const corrections = [...(outcome.shifted ?? []), ...missed].map((days) => correctionOf(row, days));
  await replaceShiftedCorrections(tx, { tenantId, connectionId, agreementLineKey, since: change.writesFrom, corrections, at });
}

function correctionOf({ change, sku, billingIdentifier }: AgreementLineRow, days: ShiftedDays): ShiftedCorrection {
  const { wanted, taken, units, reason } = days;
  const { steps } = change!;
  const periodId = steps.findLast((step) => step.from <= wanted)?.periodId ?? steps[0]!.periodId;
  const message = `${sku} of account ${billingIdentifier}: ${units} units from ${wanted} on are billed from ${taken} on only`;
  return { periodId, units, from: wanted, to: taken, reason, message };
}
