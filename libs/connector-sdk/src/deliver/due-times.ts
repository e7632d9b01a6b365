import type { PlainDate } from '@trueup/contracts';
import { DateTime } from 'luxon';

const DAY_MS = 86_400_000;
const LONGEST_LOOK_MS = 30_000;
const SHORTEST_LOOK_MS = 500;

/** The local day of an instant. */
export function localDay(at: Date, timeZone: string): PlainDate {
  return DateTime.fromJSDate(at, { zone: timeZone }).toFormat('yyyy-MM-dd');
}

/** When work that waits for a day goes on: that day's local midnight and the tenant's grace after it. */
export function dayWithGrace(day: PlainDate, timeZone: string, graceHours: number): Date {
  return DateTime.fromISO(day, { zone: timeZone }).startOf('day').plus({ hours: graceHours }).toJSDate();
}

/** A parked line is looked at again a day later. */
export function aDayLater(at: Date): Date {
  return new Date(at.getTime() + DAY_MS);
}

export function later(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}

/** When an unsettled write is looked at again: ever more rarely, and once more when its settle time is over. */
export function nextLook(since: Date, settleMs: number, now: Date): Date {
  const age = Math.max(0, now.getTime() - since.getTime());
  const rest = Math.min(LONGEST_LOOK_MS, Math.max(SHORTEST_LOOK_MS, age / 2));
  const left = settleMs - age;
  return later(now, left > 0 ? Math.min(rest, left) : rest);
}
