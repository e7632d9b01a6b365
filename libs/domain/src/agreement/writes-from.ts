import { type LinePeriod, type PlainDate, laterOf } from '@trueup/contracts';
import { startOfPeriodWith } from './contributions-of.js';

/** What decides the first day on which an agreement line may be changed. */
export interface WritesFromInput {
  /** The tenant's first day of writing; it counts as it is. */
  liveFrom: PlainDate;
  /** Per part, the first day of its mappings, the later of the customer's and the product's. */
  mappedFrom: readonly PlainDate[];
  /** The day of a baseline equal to ours (and not 0), if there was one. */
  adoptedFrom: PlainDate | null;
  /** The day from which a person decided about the line; a baseline before it no longer holds. */
  resolvedFrom: PlainDate | null;
  /** The end (exclusive) of the last period that the PSA has confirmed after all parts closed it. */
  confirmedThrough: PlainDate | null;
  periods: readonly Pick<LinePeriod, 'start' | 'end'>[];
  prorate: boolean;
}

/**
 * The latest of `liveFrom`, the mapping, an equal baseline or the resolution after it, and the start of the oldest unconfirmed period.
 * Not prorating, mapping, baseline and resolution count from the start of the period that contains them.
 */
export function writesFrom(input: WritesFromInput): PlainDate {
  const { periods, prorate } = input;
  const aligned = (day: PlainDate): PlainDate => (prorate ? day : startOfPeriodWith(periods, day));
  const kept = input.resolvedFrom ?? input.adoptedFrom;
  const mapped = [...input.mappedFrom].sort()[0];
  const days = [
    input.liveFrom,
    ...(mapped === undefined ? [] : [aligned(mapped)]),
    ...(kept === null ? [] : [aligned(kept)]),
    oldestUnconfirmed(periods, input.confirmedThrough),
  ];
  return days.reduce(laterOf);
}

/** An open period is never confirmed, so there always is one in a target. */
function oldestUnconfirmed(periods: readonly Pick<LinePeriod, 'start' | 'end'>[], confirmedThrough: PlainDate | null): PlainDate {
  const open = periods.filter((period) => confirmedThrough === null || period.end > confirmedThrough);
  return (open.length > 0 ? open : periods.slice(-1)).map((period) => period.start).sort()[0] ?? '0001-01-01';
}
