import type { BillingPeriod, PlainDate } from '@trueup/contracts';
import type { Period } from '@trueup/domain';
import { stateOf } from './target-content.js';

/** A period as a target carries it. */
export type TargetPeriod = Period & Pick<BillingPeriod, 'state'>;

/** What decides which periods a target carries. */
export interface WindowInput {
  /** Every period from the one that holds `liveFrom` to the one that holds today, ascending. */
  live: readonly Period[];
  today: PlainDate;
  isClosed: (periodId: PlainDate) => boolean;
  /** The earliest instant (epoch ms) at which the line may differ from what was frozen; Infinity when it does not. */
  differsFromMs: number;
}

/** The periods to count, and how many of the first are worth telling only from the first restated one on. */
export interface TargetWindow {
  periods: TargetPeriod[];
  optional: number;
}

/** Closed periods that every target still carries. */
const CLOSED_PERIODS = 3;

/**
 * From the oldest period not closed or the third last closed one, whichever is older, to today; before these as far back as the line may
 * have to be restated. No period in between is left out: a level would seem to hold across the gap.
 */
export function targetWindow({ live, today, isClosed, differsFromMs }: WindowInput): TargetWindow {
  const periods = live.map((period) => ({
    ...period,
    state: isClosed(period.id) ? ('closed' as const) : stateOf(period, today),
  }));
  const unclosed = periods.findIndex(({ state }) => state !== 'closed');
  const closed = periods.flatMap(({ state }, index) => (state === 'closed' ? [index] : []));
  const first = Math.min(unclosed < 0 ? Infinity : unclosed, closed.at(-CLOSED_PERIODS) ?? closed[0] ?? Infinity);
  const differing = periods.findIndex(({ endsAtMs }) => endsAtMs > differsFromMs);
  const begin = differing < 0 ? first : Math.min(first, differing);
  return { periods: periods.slice(begin), optional: first - begin };
}
