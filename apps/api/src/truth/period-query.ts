import { z } from 'zod';
import { calendarDay } from '../http/calendar-day.js';
import { notFound } from '../http/problem-error.js';

/** `current`, `previous`, a period's end date, or any day inside of one. */
export const periodReference = z
  .string()
  .refine(
    (text) => text === 'current' || text === 'previous' || calendarDay.safeParse(text).success,
    'Must be current, previous, or a date such as 2026-03-31',
  );

export function noPeriod() {
  return notFound('There is no such period; GET /v1/periods lists them.');
}
