import { epochDayOf, type PlainDate } from '@trueup/contracts';

/** The number of days since 1970-01-01. Throws a RangeError when the text is no existing day. */
export function toEpochDay(date: PlainDate): number {
  const day = epochDayOf(date);
  if (day === undefined) throw new RangeError(`not a calendar day: ${JSON.stringify(date)}`);
  return day;
}

/** The number of days of the month in which `date` lies. */
export function daysInMonth(date: PlainDate): number {
  return lengthOf(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1);
}

/** `date` moved by whole months; a day that the target month lacks becomes its last (31 January + 1 month is 28 or 29 February). */
export function addMonths(date: PlainDate, months: number): PlainDate {
  const monthIndex = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + months;
  const year = Math.floor(monthIndex / 12);
  const month = monthIndex - year * 12;
  return dayOfMonth(year, month, Math.min(Number(date.slice(8)), lengthOf(year, month)));
}

function lengthOf(year: number, month: number): number {
  if (month !== 1) return month === 3 || month === 5 || month === 8 || month === 10 ? 30 : 31;
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
}

function dayOfMonth(year: number, month: number, day: number): PlainDate {
  return `${String(year).padStart(4, '0')}-${String(month + 1).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
