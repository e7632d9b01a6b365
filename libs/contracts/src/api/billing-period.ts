import { z } from 'zod';
import { plainDate } from '../plain-date.js';

const timeZone = z.string().refine((zone) => isTimeZone(zone), 'Must be an IANA time zone, e.g. Pacific/Auckland');

/** When a tenant's billing period closes. `liveFrom` is the first day for which anything may be written to a PSA. */
export const billingPeriodSettings = z.strictObject({
  closeDay: z.union([z.int().min(1).max(31), z.literal('month-end'), z.strictObject({ daysBeforeEnd: z.int().min(0).max(27) })]),
  timeZone,
  graceHours: z.number().min(0).max(240).default(1),
  liveFrom: plainDate.optional(),
});

export type BillingPeriodSettings = z.output<typeof billingPeriodSettings>;

/** A billing period: [start, end) in local days; `id` is its last day. */
export const billingPeriod = z.object({
  id: plainDate,
  start: plainDate,
  end: plainDate,
  state: z.enum(['open', 'closing', 'closed']),
});

export type BillingPeriod = z.output<typeof billingPeriod>;

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '' && !/^[+-]/.test(zone);
  } catch {
    return false; // Intl says "unknown zone" by throwing
  }
}
