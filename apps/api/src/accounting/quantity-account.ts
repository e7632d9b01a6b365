import type { RowBalance } from '@trueup/billing';
import type { LinePartBalance, ScheduleBalance } from '@trueup/control';
import type { Unexplained } from './event-account.js';
import { isUnexplained } from './time-scale.js';

/** Something whose units do not agree from one place to the next. */
export interface DifferingQuantity {
  /** `rows`: billing rows and the line's target; `parts`: target and what the line adds; `schedule`: parts and the agreement line. */
  between: 'rows' | 'parts' | 'schedule';
  /** Of a line, or of an agreement line. */
  key: string;
  since: Date;
}

/** One tenant's units today, from billing rows to the schedules of agreement lines. */
export interface QuantityAccount {
  /** Null before the first day of billing is over. */
  rows: RowBalance | null;
  /** Null while nothing is mapped. */
  parts: LinePartBalance | null;
  schedules: ScheduleBalance | null;
  differing: DifferingQuantity[];
  quantities: Unexplained;
}

/** What a look read of one tenant; absent where there is nothing. */
export interface QuantityBalances {
  rows: RowBalance | undefined;
  parts: LinePartBalance | undefined;
  schedules: ScheduleBalance | undefined;
}

/** Every count is of one instant, so nothing is in flight between them; what moved just now has the grace all the same. */
export function quantityAccountOf({ rows, parts, schedules }: QuantityBalances, now: Date): QuantityAccount {
  const differing: DifferingQuantity[] = [
    ...(rows?.differing ?? []).map(({ lineKey: key, since }) => ({ between: 'rows' as const, key, since })),
    ...(parts?.differing ?? []).map((one) => ({ between: 'parts' as const, ...one })),
    ...(schedules?.differing ?? []).map((one) => ({ between: 'schedule' as const, ...one })),
  ].sort((a, b) => a.since.getTime() - b.since.getTime());
  const old = differing.filter(({ since }) => isUnexplained(since, now));
  return {
    ...{ rows: rows ?? null, parts: parts ?? null, schedules: schedules ?? null, differing },
    quantities: { count: old.length, since: old[0]?.since ?? null },
  };
}
