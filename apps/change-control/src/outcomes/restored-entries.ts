import type { Outcome } from '@trueup/contracts';
import type { AgreementLineRow } from '@trueup/control';
import type { DayEntry } from '../log/day-log.js';

/** Log entries for what somebody changed in the PSA and a write of ours undid, by the connection's policy: never without a word. */
export function restoredEntries(row: AgreementLineRow, outcome: Outcome, entry: DayEntry): DayEntry[] {
  return (outcome.writes ?? []).flatMap(({ writtenOver, before, after, effectiveDate }) => {
    if (writtenOver === undefined) return [];
    const message = `${row.sku} of account ${row.billingIdentifier}: ${writtenOver}; restored: ${before} → ${after} from ${effectiveDate}`;
    return [{ ...entry, code: 'DRIFT_DETECTED' as const, message }];
  });
}
