const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A difference that is younger is taken for work under way. */
export const GRACE_MS = 10 * 60_000;
const HOURS_KEPT_MS = 7 * DAY_MS;
const PARTITIONS_KEPT_MS = DAY_MS;

/** The start of the hour of an instant. */
export const hourStart = (at: Date): Date => new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);
const dayStart = (at: Date): Date => new Date(Math.floor(at.getTime() / DAY_MS) * DAY_MS);

/** Which counters stand together: hours for a week, days after it. */
export interface TimeScale {
  now: Date;
  byDayBefore: Date;
  byHourBefore: Date;
  /** The start of the hour, or of the day in UTC, that an instant is counted in. */
  slotOf: (at: Date) => Date;
  /** Where the slot of an instant ends. */
  endOf: (at: Date) => Date;
}

/** The scale of time as seen on an instant. */
export function timeScaleAt(now: Date): TimeScale {
  const byDayBefore = dayStart(new Date(now.getTime() - HOURS_KEPT_MS));
  const isOld = (at: Date): boolean => at < byDayBefore;
  return {
    now,
    byDayBefore,
    byHourBefore: hourStart(new Date(now.getTime() - PARTITIONS_KEPT_MS)),
    slotOf: (at) => (isOld(at) ? dayStart(at) : hourStart(at)),
    endOf: (at) => new Date(isOld(at) ? dayStart(at).getTime() + DAY_MS : hourStart(at).getTime() + HOUR_MS),
  };
}

/** Whether a difference has lasted too long to be work under way. */
export const isUnexplained = (since: Date, now: Date): boolean => now.getTime() - since.getTime() >= GRACE_MS;
