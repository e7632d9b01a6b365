import type { BillingPeriodSettings, PlainDate } from '@trueup/contracts';

/** When a period closes: a day of the month (31 clamps to the month's end), its end, or whole days before its end. */
export type CloseDay = BillingPeriodSettings['closeDay'];

/**
 * One row of a tenant's dated history of settings, in the order in which they were saved.
 * `effectiveFrom` is the local day of saving: the period that holds it ends as planned and the next begins the new rule.
 * `null` (nothing closed and nothing delivered yet, or the first row) applies from the beginning and forgets the rows before it.
 */
export interface PeriodSetting {
  effectiveFrom: PlainDate | null;
  closeDay: CloseDay;
  timeZone: string;
}

/** A billing period: `[start, end)` in local days and the same in instants; `id` is its last local day. */
export interface Period {
  id: PlainDate;
  start: PlainDate;
  end: PlainDate;
  startsAtMs: number;
  endsAtMs: number;
  timeZone: string;
}
