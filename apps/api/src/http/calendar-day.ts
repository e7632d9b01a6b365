import { plainDate } from '@trueup/contracts';

/** Whether a day lies where calendars, zones and the database can add and subtract without leaving their range. */
export function isUsableDay(day: string): boolean {
  return day >= '1900-01-01' && day < '3000-01-01';
}

/** A day that people can mean. */
export const calendarDay = plainDate.refine(isUsableDay, 'Must lie between 1900 and 2999');
