import { daysBetween, type PlainDate, plusDays } from '../plain-date.js';
import type { UnitRow } from '../unit-rows.js';

/** Days with one quantity; both days belong to it. */
export interface UnitRange {
  readonly from: PlainDate;
  readonly to: PlainDate;
  readonly units: number;
}

/** The days on which each row is in force: up to the day before the next one begins. */
export function daysInForce(rows: readonly UnitRow[]): (UnitRange & { readonly row: UnitRow })[] {
  const ranges = rows.map((row, index) => {
    const next = rows[index + 1]?.start;
    const to = next !== undefined && next <= row.end ? plusDays(next, -1) : row.end;
    return { from: row.start, to, units: row.units, row };
  });
  return ranges.filter(({ from, to }) => from <= to);
}

/** The days of `range` whose units differ from what `billed` adds up to, with the difference as units. */
export function unbilled(range: UnitRange, billed: readonly UnitRange[]): UnitRange[] {
  const cuts = new Set([range.from, ...billed.flatMap(({ from, to }) => [from, plusDays(to, 1)])]);
  const starts = [...cuts].filter((day) => range.from <= day && day <= range.to).sort();
  const pieces = starts.map((from, index) => {
    const next = starts[index + 1];
    const to = next === undefined ? range.to : plusDays(next, -1);
    return { from, to, units: range.units - unitsOn(billed, from) };
  });
  return joined(pieces).filter(({ units }) => units !== 0);
}

/** The part of each range that lies within `from` and `to`; an absent limit is none. */
export function clipped(ranges: readonly UnitRange[], from: PlainDate | undefined, to: PlainDate | undefined): UnitRange[] {
  const parts = ranges.map((range) => ({
    from: from !== undefined && from > range.from ? from : range.from,
    to: to !== undefined && to < range.to ? to : range.to,
    units: range.units,
  }));
  return parts.filter((part) => part.from <= part.to);
}

/** Units times days, summed. */
export function unitDaysOf(ranges: readonly UnitRange[]): number {
  return ranges.reduce((sum, { from, to, units }) => sum + units * daysBetween(from, to), 0);
}

function unitsOn(billed: readonly UnitRange[], day: PlainDate): number {
  const covering = billed.filter(({ from, to }) => from <= day && day <= to);
  return covering.reduce((sum, { units }) => sum + units, 0);
}

function joined(pieces: readonly UnitRange[]): UnitRange[] {
  const result: UnitRange[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (last?.units === piece.units) result[result.length - 1] = { ...last, to: piece.to };
    else result.push(piece);
  }
  return result;
}
