import type { Outcome, ShiftedDays } from '@trueup/contracts';
import {
  type AgreementLineRow,
  type ShiftedCorrection,
  type ShiftedCorrections,
  replaceShiftedCorrections,
} from '@trueup/control';
import type { EntityManager } from 'typeorm';
import { endCorrections } from './settle-corrections.js';

const RESTS_ON_A_PLAN = new Set<Outcome['kind']>(['delivered', 'created', 'zeroed', 'unchanged', 'deferred']);

/**
 * Lists as corrections the days on which the PSA bills another quantity than the newest schedule asks for, because a date was taken or a
 * period posted: they are for a person or a one-off charge, and never sent on their own days. Of several outcomes of a line the last counts.
 */
export async function listShiftedDays(
  tx: EntityManager,
  answers: readonly { row: AgreementLineRow; outcome: Outcome }[],
  at: Date,
): Promise<void> {
  const told = new Map<string, ShiftedCorrections>();
  for (const { row, outcome } of answers) {
    if (!isTold(row, outcome)) continue;
    const { tenantId, connectionId, agreementLineKey } = row;
    const missed = await endCorrections(tx, row, outcome);
    const corrections = [...(outcome.shifted ?? []), ...missed].map((days) => correctionOf(row, days));
    const line = { tenantId, connectionId, agreementLineKey, since: row.change!.writesFrom };
    told.set(`${connectionId}/${agreementLineKey}`, { ...line, corrections });
  }
  await replaceShiftedCorrections(tx, [...told.values()], at);
}

function isTold(row: AgreementLineRow, { kind, version, isPreview, until }: Outcome): boolean {
  // A deferral without a date says nothing about days: the breaker is open, or the settings were stale.
  const saysNothing = kind === 'deferred' && until === undefined;
  return RESTS_ON_A_PLAN.has(kind) && version === row.version && isPreview !== true && !saysNothing && row.change !== null;
}

function correctionOf({ change, sku, billingIdentifier }: AgreementLineRow, days: ShiftedDays): ShiftedCorrection {
  const { wanted, taken, units, reason } = days;
  const { steps } = change!;
  const periodId = steps.findLast((step) => step.from <= wanted)?.periodId ?? steps[0]!.periodId;
  const message = `${sku} of account ${billingIdentifier}: ${units} units from ${wanted} on are billed from ${taken} on only`;
  return { periodId, units, from: wanted, to: taken, reason, message };
}
