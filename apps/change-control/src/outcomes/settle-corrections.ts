import { type Outcome, type PlainDate, type ShiftedDays, addDays, levelOn } from '@trueup/contracts';
import { type AgreementLineRow, type ScheduledCorrection, endScheduledCorrections, scheduledCorrections } from '@trueup/control';
import { isConfirmed } from '@trueup/domain';
import { appendCommand } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import { isAsReleased } from './fold-outcome.js';

/** Answers that say: the PSA takes no change on the days asked for. */
const REFUSED_DAYS = new Set<string>(['PERIOD_POSTED', 'EFFECTIVE_DATE_TAKEN', 'LINE_UPDATE_FAILED']);

/** Whether the newest version, as the outcome answers it, reaches back into periods that the PSA had confirmed before it. */
function carriesCorrections(row: AgreementLineRow, { version, isPreview }: Outcome): boolean {
  const isOfNewest = version === row.version && isPreview !== true && !row.isPreview && isAsReleased(row);
  return isOfNewest && row.confirmedThrough !== null && row.change!.writesFrom < row.confirmedThrough;
}

/**
 * Where the PSA refuses the days of a late correction, the line goes on without it: confirmed periods take none any more, and the units
 * are listed.
 */
export function withoutRefused(row: AgreementLineRow, outcome: Outcome): AgreementLineRow {
  const isRefused = (outcome.kind === 'held' || outcome.kind === 'rejected') && REFUSED_DAYS.has(outcome.code);
  return isRefused && carriesCorrections(row, outcome) ? { ...row, correctsFrom: row.confirmedThrough } : row;
}

/** Has a line that goes on without its corrections decided again. */
export async function followRefused(tx: EntityManager, before: AgreementLineRow, row: AgreementLineRow): Promise<void> {
  const { tenantId, connectionId, agreementLineKey } = row;
  if (row.correctsFrom === before.correctsFrom) return;
  await appendCommand(tx, 'control', { tenantId, kind: 'decide-again', payload: { connectionId, agreementLineKey } });
}

/**
 * Ends the corrections that a confirmed version carried. Where the PSA still bills another quantity on their days, these are listed: told
 * by the connector as shifted, or returned here, as where the PSA's agreement begins later.
 */
export async function endCorrections(tx: EntityManager, row: AgreementLineRow, outcome: Outcome): Promise<ShiftedDays[]> {
  if (!isConfirmed(outcome.kind, outcome.isPreview ?? false) || !carriesCorrections(row, outcome)) return [];
  const scheduled = await scheduledCorrections(tx, row);
  const missed = scheduled.filter((one) => isMissed(row, outcome, one));
  const ids = (list: readonly ScheduledCorrection[]): string[] => list.map(({ id }) => id);
  await endScheduledCorrections(tx, ids(missed), 'withdrawn');
  await endScheduledCorrections(tx, ids(scheduled.filter((one) => !missed.includes(one))), 'delivered');
  return missed.filter(({ to }) => !isTold(outcome, addDays(to, -1))).map(toShiftedDays);
}

/** The last day decides: a step may be moved to the start of the PSA's own period. */
function isMissed({ change }: AgreementLineRow, { held }: Outcome, { to }: ScheduledCorrection): boolean {
  if (!held || held.steps === 'unreadable') return false;
  const last = addDays(to, -1);
  return levelOn(held.steps, last) !== levelOn(change!.steps, last);
}

function isTold({ shifted }: Outcome, day: PlainDate): boolean {
  return (shifted ?? []).some(({ wanted, taken }) => wanted <= day && day < taken);
}

function toShiftedDays({ units, from, to }: ScheduledCorrection): ShiftedDays {
  return { wanted: from, taken: to, units, reason: 'date-shifted' };
}
