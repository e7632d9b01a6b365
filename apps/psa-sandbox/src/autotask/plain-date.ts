const DAY_MS = 86_400_000;
const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** A calendar day, `YYYY-MM-DD`; texts of this form compare as dates. */
export type PlainDate = string;

/** The day of a wire date: the time part is cut off without zone conversion. Undefined = no date. */
export function parsePlainDate(text: string): PlainDate | undefined {
  const match = DATE.exec(text);
  if (!match) return undefined;
  const day = text.slice(0, 10);
  const instant = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(day) ? day : undefined;
}

/** A day as the API writes it. */
export function toWireDate(day: PlainDate): string {
  return `${day}T00:00:00Z`;
}

/** An instant as the API writes it. */
export function toWireDateTime(instant: Date): string {
  return instant.toISOString();
}

export function plusDays(day: PlainDate, days: number): PlainDate {
  return toDay(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS);
}

/** Days from `first` to `last`, both counted. */
export function daysBetween(first: PlainDate, last: PlainDate): number {
  return Math.round((Date.parse(`${last}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / DAY_MS) + 1;
}

/** `months` later; a day that the month lacks becomes its last one. */
export function plusMonths(day: PlainDate, months: number): PlainDate {
  const [year = 0, month = 1, dayOfMonth = 1] = day.split('-').map(Number);
  const first = Date.UTC(year, month - 1 + months, 1);
  const lastDay = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return toDay(first + (Math.min(dayOfMonth, lastDay) - 1) * DAY_MS);
}

function toDay(instantMs: number): PlainDate {
  return new Date(instantMs).toISOString().slice(0, 10);
}
