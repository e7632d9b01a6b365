import { type Outcome, laterOf, type PlainDate } from '@trueup/contracts';
import type { AgreementLineRow } from '@trueup/control';
import type { DayEntry } from '../log/day-log.js';

/**
 * Log entries for writes that take effect on another day than the schedule names: moved to the start of a PSA period, past a posted
 * one, or past a date that was taken.
 */
export function shiftEntries(row: AgreementLineRow, outcome: Outcome, entry: DayEntry): DayEntry[] {
  const { change, writesFrom } = row;
  if (change === null || outcome.version !== row.version) return [];
  const raised = (day: PlainDate): PlainDate => (writesFrom === null ? day : laterOf(day, writesFrom));
  const asked = change.steps.map((step) => raised(step.from)).sort();
  return (outcome.writes ?? [])
    .filter(({ effectiveDate }) => !asked.includes(effectiveDate))
    .map(({ effectiveDate, before, after }) => {
      const wanted = asked.findLast((day) => day <= effectiveDate) ?? asked[0]!;
      const message = `${row.sku} of account ${row.billingIdentifier}: ${before} → ${after} takes effect on ${effectiveDate} in place of ${wanted}`;
      return {
        ...entry,
        code: 'EFFECTIVE_DATE_SHIFTED' as const,
        message,
        details: { ...entry.details, wanted, taken: effectiveDate },
      };
    });
}
