/** An ISO 8601 duration, e.g. P1M, P2W, P1DT12H, PT0.5S. Never negative. */
export interface IsoDuration {
  readonly years: number;
  readonly months: number;
  readonly days: number;
  readonly milliseconds: number;
}

const form = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,3})?)S)?)?$/;

/** Null when the text is not a duration of at least one part. */
export function parseIsoDuration(text: string): IsoDuration | null {
  const match = form.exec(text);
  if (match === null || !/\d/.test(text) || text.endsWith('T')) return null;
  const [years, months, weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as Seven;
  const milliseconds = Math.round((hours * 3600 + minutes * 60 + seconds) * 1000);
  return { years, months, days: weeks * 7 + days, milliseconds };
}

/** The instant after a duration, in UTC; a day that the month lacks becomes its last one (31 January + P1M = 28 February). */
export function addDuration(instant: Date, duration: IsoDuration): Date {
  const target = new Date(instant);
  target.setUTCDate(1);
  target.setUTCMonth(target.getUTCMonth() + duration.years * 12 + duration.months);
  const lastDay = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  target.setUTCDate(Math.min(instant.getUTCDate(), lastDay) + duration.days);
  return new Date(target.getTime() + duration.milliseconds);
}

type Seven = [number, number, number, number, number, number, number];
