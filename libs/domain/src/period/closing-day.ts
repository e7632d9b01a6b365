import { type PlainDate } from '@trueup/contracts';
import { addMonths, daysInMonth } from '../calendar/months.js';
import type { CloseDay } from './period-setting.js';

/** The first day on or after `date` on which a period closes. */
export function closingDayFrom(closeDay: CloseDay, date: PlainDate): PlainDate {
  const inThisMonth = closingDayOfMonth(closeDay, date);
  return inThisMonth >= date ? inThisMonth : closingDayOfMonth(closeDay, addMonths(date, 1));
}

/** The last day before `date` on which a period closes. */
export function closingDayBefore(closeDay: CloseDay, date: PlainDate): PlainDate {
  const inThisMonth = closingDayOfMonth(closeDay, date);
  return inThisMonth < date ? inThisMonth : closingDayOfMonth(closeDay, addMonths(date, -1));
}

function closingDayOfMonth(closeDay: CloseDay, date: PlainDate): PlainDate {
  const length = daysInMonth(date);
  return `${date.slice(0, 8)}${String(dayNumberOf(closeDay, length)).padStart(2, '0')}`;
}

function dayNumberOf(closeDay: CloseDay, length: number): number {
  if (closeDay === 'month-end') return length;
  if (typeof closeDay === 'number') return Math.min(closeDay, length);
  return Math.max(1, length - closeDay.daysBeforeEnd);
}
