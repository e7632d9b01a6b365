import { addDays, levelOn, withoutRepeats, type PlainDate, type Step } from '@trueup/connector-sdk';

/** Units over a range of days, both included; ranges may touch or lie within each other. */
export interface UnitRow {
  id: number;
  start: PlainDate;
  end: PlainDate;
  units: number;
}

export type UnitReading = { steps: Step[] } | { unclearOn: PlainDate };

/**
 * Units by date. A row that begins where another ends takes its place. Rows that share their end may be totals or increments, which the
 * ranges alone cannot tell: the next period's row decides, else a level that the line is known to have, else nobody.
 */
export function unitSteps(rows: readonly UnitRow[], known: readonly (readonly Step[])[]): UnitReading {
  const sorted = rows.toSorted((a, b) => a.start.localeCompare(b.start) || a.id - b.id);
  const steps: Step[] = [];
  for (const day of turningDays(sorted)) {
    const units = unitsOn(day, sorted, known);
    if (units === undefined) return { unclearOn: day };
    steps.push({ from: day, quantity: String(units) });
  }
  return { steps: withoutRepeats(steps) };
}

/** Days on which the level may change: where a row begins, and after one that ends in a gap. The end of the last row changes nothing. */
function turningDays(sorted: readonly UnitRow[]): PlainDate[] {
  const starts = sorted.map((row) => row.start);
  const last =
    sorted
      .map((row) => row.end)
      .sort()
      .at(-1) ?? '';
  const afterEnds = sorted.filter((row) => row.end < last).map((row) => addDays(row.end, 1));
  return [...new Set([...starts, ...afterEnds])].sort();
}

function unitsOn(day: PlainDate, sorted: readonly UnitRow[], known: readonly (readonly Step[])[]): number | undefined {
  const covering = sorted.filter((row) => row.start <= day && day <= row.end);
  const latest = covering.at(-1);
  if (latest === undefined) return 0;
  const nested = covering.filter((row) => row !== latest && row.end >= latest.end);
  if (nested.length === 0) return latest.units;
  return decide(day, latest, latest.units + nested.reduce((sum, row) => sum + row.units, 0), sorted, known);
}

function decide(
  day: PlainDate,
  latest: UnitRow,
  sum: number,
  sorted: readonly UnitRow[],
  known: readonly (readonly Step[])[],
): number | undefined {
  const readings = [latest.units, sum];
  const next = sorted.find((row) => row.start > latest.end);
  if (next !== undefined && readings.includes(next.units)) return next.units;
  return readings.find((units) => known.some((steps) => levelOn(steps, day) === String(units)));
}
