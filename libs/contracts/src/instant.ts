import { z } from 'zod';
import { epochDayOf } from './plain-date.js';

const RFC3339 = /^(\d{4}-\d{2}-\d{2})[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** Whether the text is an RFC 3339 instant with a zone offset, on a day that exists; at most nine fraction digits. */
export function isInstant(text: string): boolean {
  const match = RFC3339.exec(text);
  return match !== null && epochDayOf(match[1]!) !== undefined && !Number.isNaN(Date.parse(text));
}

/** An RFC 3339 instant, e.g. `2026-07-13T09:30:00Z`. */
export const instant = z
  .string()
  .max(40)
  .refine(isInstant, 'Must be an RFC 3339 instant with an offset, e.g. 2026-07-13T09:30:00Z')
  .meta({ format: 'date-time' });
