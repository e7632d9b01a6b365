import { z } from 'zod';

/** A calendar day without a zone, `YYYY-MM-DD`. Compares correctly as text. */
export type PlainDate = string;

const DAY_MS = 86_400_000;
const PLAIN_DATE = /^\d{4}-\d{2}-\d{2}$/;

/** The number of days since 1970-01-01, or `undefined` when the text is no existing day. */
export function epochDayOf(date: PlainDate): number | undefined {
  if (!PLAIN_DATE.test(date)) return undefined;
  const ms = Date.parse(`${date}T00:00:00.000Z`);
  return Number.isNaN(ms) || fromEpochDay(ms / DAY_MS) !== date ? undefined : ms / DAY_MS;
}

/** The day that lies `epochDay` days after 1970-01-01. */
export function fromEpochDay(epochDay: number): PlainDate {
  return new Date(epochDay * DAY_MS).toISOString().slice(0, 10);
}

/** `date` moved by whole days; negative moves back. Throws a RangeError for a text that is no day. */
export function addDays(date: PlainDate, days: number): PlainDate {
  const epochDay = epochDayOf(date);
  if (epochDay === undefined) throw new RangeError(`not a calendar day: ${JSON.stringify(date)}`);
  return fromEpochDay(epochDay + days);
}

/** The later of two days. */
export function laterOf(a: PlainDate, b: PlainDate): PlainDate {
  return a < b ? b : a;
}

/** A calendar day that exists. */
export const plainDate = z
  .string()
  .refine((text) => epochDayOf(text) !== undefined, 'Must be an existing calendar day, YYYY-MM-DD')
  .meta({ format: 'date' });
