import type { PlainDate, Quantity } from '@trueup/contracts';

/** Units beyond the rows that somebody adopted, from a day on; up to `to` (exclusive) when that is given. */
export interface AdoptedOffset {
  units: Quantity;
  from: PlainDate;
  to?: PlainDate;
}

/** The units in force on a day. Of several adoptions that cover it the last one counts: each says what the offset is from then on. */
export function offsetOn(offsets: readonly AdoptedOffset[], date: PlainDate): Quantity {
  return offsets.findLast(({ from, to }) => from <= date && (to === undefined || date < to))?.units ?? '0';
}

/** The days up to `today` on which the offset may change: later ones are decided when they come. */
export function offsetDays(offsets: readonly AdoptedOffset[], today: PlainDate): PlainDate[] {
  return offsets.flatMap(({ from, to }) => [from, ...(to === undefined ? [] : [to])]).filter((day) => day <= today);
}
