import type { CloudEvent } from '@trueup/testing/product';
import { plainTruth, type Units } from '../load/plain-truth.js';
import { PRODUCTS } from '../load/products.js';

/** A day of every month that a run touches, and the units by customer and sku that must be billed on it. */
export interface TruthOnDay {
  day: string;
  units: ReadonlyMap<string, Units>;
}

/**
 * The tenants of a run close at month end and bill whole months: every day of a month bears the units at the month's end, or of now. So
 * the first and the last day of each month stand for all of them.
 */
export function truthDays(events: readonly CloudEvent[], firstDay: string, now: Date): TruthOnDay[] {
  const days: TruthOnDay[] = [];
  for (let month = firstDay.slice(0, 7); month <= now.toISOString().slice(0, 7); month = monthAfter(month)) {
    const units = plainTruth(events, PRODUCTS, `${monthAfter(month)}-01T00:00:00Z`);
    days.push({ day: `${month}-01`, units }, { day: lastDayOf(month), units });
  }
  return days;
}

function monthAfter(month: string): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7);
}

function lastDayOf(month: string): string {
  return new Date(Date.parse(`${monthAfter(month)}-01T00:00:00Z`) - 1).toISOString().slice(0, 10);
}
