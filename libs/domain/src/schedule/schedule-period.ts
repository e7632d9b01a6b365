import type { BillingPeriod, PlainDate } from '@trueup/contracts';
import type { ZoneCalendar } from '../calendar/zone-calendar.js';

/** A period as counting needs it. Without instants or a zone of its own, they are the local midnights of its days in the zone at hand. */
export interface SchedulePeriod extends Pick<BillingPeriod, 'id' | 'start' | 'end' | 'state'> {
  startsAtMs?: number;
  endsAtMs?: number;
  timeZone?: string;
}

/** `[from, until)` of a period as UTC texts and its days. */
export interface PeriodBounds {
  fromMs: number;
  untilMs: number;
  start: PlainDate;
  end: PlainDate;
}

/** The instants of a period. */
export function boundsOf(period: Omit<SchedulePeriod, 'state'>, zone: ZoneCalendar): PeriodBounds {
  const { start, end } = period;
  const fromMs = period.startsAtMs ?? zone.startOfDayMs(start);
  return { fromMs, untilMs: period.endsAtMs ?? zone.startOfDayMs(end), start, end };
}
