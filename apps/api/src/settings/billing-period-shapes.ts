import { billingPeriod, billingPeriodSettings, plainDate } from '@trueup/contracts';
import { z } from 'zod';
import { calendarDay } from '../http/calendar-day.js';

export const settingsInput = billingPeriodSettings.extend({ liveFrom: calendarDay.optional() }).meta({
  id: 'BillingPeriodSettings',
  examples: [{ closeDay: 25, timeZone: 'Pacific/Auckland', graceHours: 1, liveFrom: '2026-03-26' }],
});

/** The settings and what they make of the calendar: the current period and the next ones. */
export const shownSettings = z
  .object({
    closeDay: billingPeriodSettings.shape.closeDay,
    timeZone: z.string(),
    graceHours: z.number(),
    liveFrom: plainDate,
    periods: z.array(billingPeriod),
  })
  .meta({ id: 'ShownBillingPeriodSettings' });

export const dryRunQuery = z.strictObject({ dryRun: z.enum(['true', 'false']).optional() });

export type ShownSettings = z.output<typeof shownSettings>;
