import { type PlainDate, plusDays, plusMonths } from './plain-date.js';

/** One billing period of a contract; both days belong to it. */
export interface BillingPeriod {
  readonly start: PlainDate;
  readonly end: PlainDate;
}

const MONTHS_BY_PERIOD_TYPE: Readonly<Record<number, number>> = { 2: 1, 3: 3, 4: 6, 5: 12 };

/**
 * The billing periods of a contract from its first to its last day. Each is counted from the contract's start, so that a start on
 * the 31st comes back to the 31st after February; the last one ends with the contract.
 */
export function billingPeriods(start: PlainDate, end: PlainDate, periodType: number): BillingPeriod[] {
  const months = MONTHS_BY_PERIOD_TYPE[periodType] ?? 1;
  const periods: BillingPeriod[] = [];
  for (let index = 0, from = start; from <= end; index += 1) {
    const next = plusMonths(start, (index + 1) * months);
    const last = plusDays(next, -1);
    periods.push({ start: from, end: last < end ? last : end });
    from = next;
  }
  return periods;
}
