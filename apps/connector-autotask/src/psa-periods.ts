import type { PlainDate } from '@trueup/connector-sdk';
import type { ContractWindow } from './find-contracts.js';

/** The first start of one of the contract's billing periods on or after `day`; undefined when the contract has none left. */
export function periodStartFrom(contract: ContractWindow, day: PlainDate): PlainDate | undefined {
  for (let n = 0; ; n++) {
    const start = addMonths(contract.start, n * contract.periodMonths);
    if (start > contract.end) return undefined;
    if (start >= day) return start;
  }
}

/** The start of the billing period that contains `day`, which lies within the contract. */
export function periodStartOf(contract: ContractWindow, day: PlainDate): PlainDate {
  for (let n = 0, start = contract.start; ; n++) {
    const next = addMonths(contract.start, (n + 1) * contract.periodMonths);
    if (next > day) return start;
    start = next;
  }
}

/** `day` moved by months; the 31st becomes the last day of a shorter month. */
export function addMonths(day: PlainDate, months: number): PlainDate {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const count = year * 12 + (month - 1) + months;
  const [newYear, newMonth] = [Math.floor(count / 12), (count % 12) + 1];
  const newDate = Math.min(date, daysIn(newYear, newMonth));
  return `${String(newYear).padStart(4, '0')}-${String(newMonth).padStart(2, '0')}-${String(newDate).padStart(2, '0')}`;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
