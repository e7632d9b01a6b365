import type { LinePeriod, PlainDate } from '@trueup/contracts';

/** A billing period as a part of an agreement line knows it. */
export type PartPeriod = Pick<LinePeriod, 'id' | 'start' | 'end' | 'state'> & Partial<Pick<LinePeriod, 'removed'>>;

/**
 * The periods that every part still carries or may yet get, ascending. A period that one part has dropped already is left out: the sum
 * of the others would be too low there.
 */
export function sharedPeriods(parts: readonly (readonly PartPeriod[])[]): PartPeriod[] {
  const first =
    parts
      .flatMap((periods) => (periods[0] ? [periods[0].start] : []))
      .sort()
      .at(-1) ?? '';
  const byStart = new Map(parts.flat().map((period) => [period.start, period]));
  return [...byStart.values()].filter((period) => period.start >= first).sort((a, b) => (a.start < b.start ? -1 : 1));
}

/** The end (exclusive) of the last period that all parts have closed, with all before it; null while the first is not closed by all. */
export function closedThrough(parts: readonly (readonly PartPeriod[])[]): PlainDate | null {
  let through: PlainDate | null = null;
  for (const { start, end } of sharedPeriods(parts)) {
    const isClosed = parts.every((periods) => periods.some((period) => period.start === start && period.state === 'closed'));
    if (!isClosed) break;
    through = end;
  }
  return through;
}
