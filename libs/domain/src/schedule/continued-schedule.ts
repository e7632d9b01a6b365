import { addDays, type LinePeriod, type PlainDate, type Quantity, withoutRepeats } from '@trueup/contracts';
import { zoneCalendar } from '../calendar/zone-calendar.js';
import { addQuantities, largerQuantity, subtractQuantities } from '../quantity-math.js';
import { type NewMovement, type RowChange, newMovementsOf } from './new-movements.js';
import { mostHeld } from './most-held.js';
import { type PeriodBounds, type SchedulePeriod, boundsOf } from './schedule-period.js';

/** What a line counted so far. */
export interface CountedSchedule {
  periods: readonly LinePeriod[];
  /** No movement that counts so far lies behind this instant (epoch ms). */
  countedUntilMs: number;
}

/** The schedule after the changes, and the instant up to which it counts; null where that has to be left to a count of all rows. */
export interface ContinuedSchedule {
  periods: LinePeriod[];
  countedUntilMs: number | null;
}

/**
 * The schedule of a line after some of its rows went on: what `lineSchedule` of all its rows would count, without reading them. Null where
 * it takes all rows to know: a movement that is not the line's newest, one that is gone, other periods than those counted, or a closed
 * period whose counts it would change.
 */
export function continuedSchedule(
  counted: CountedSchedule,
  changes: readonly RowChange[],
  periods: readonly SchedulePeriod[],
  timeZone: string,
): ContinuedSchedule | null {
  const told = toldPeriods(counted.periods, periods);
  const movements = told && newMovementsOf(changes, counted.countedUntilMs);
  if (!told || !movements) return null;
  const bounds = periods.map((period) => boundsOf(period, zoneCalendar(period.timeZone ?? timeZone)));
  const firstOpen = periods.findIndex(({ state }) => state !== 'closed');
  if (firstOpen < 0 || (movements[0]?.atMs ?? Infinity) < bounds[firstOpen]!.fromMs) return null;
  const walk = new Walk(movements, changes, counted.countedUntilMs, told[firstOpen]!.steps[0]!.quantity);
  const continued = told.map((period, index) =>
    index < firstOpen ? period : walk.over(period, bounds[index]!, periods[index]!.timeZone ?? timeZone),
  );
  const lastMs = movements.at(-1)?.atMs ?? counted.countedUntilMs;
  // What lies ahead of the last period is held already, and counts only when its period comes.
  return { periods: continued, countedUntilMs: lastMs < bounds.at(-1)!.untilMs ? lastMs : null };
}

/** The counts so far of each period: as counted, or, of periods that have begun since, the level carried over. */
function toldPeriods(counted: readonly LinePeriod[], periods: readonly SchedulePeriod[]): LinePeriod[] | null {
  const from = counted.findIndex(({ id }) => id === periods[0]?.id);
  if (from < 0) return null;
  const known = counted.slice(from);
  if (known.length > periods.length) return null;
  const level = known.at(-1)!.steps.at(-1)!.quantity;
  const told = periods.map(({ id, start, end, state }, index): LinePeriod => {
    const { present, peak, removed, steps } = known[index] ?? carried(level, start);
    return { id, start, end, state, present, peak, removed, steps };
  });
  return known.every((period, index) => isSamePeriod(period, periods[index]!)) ? told : null;
}

const carried = (level: Quantity, start: PlainDate) => ({
  present: level,
  peak: level,
  removed: '0',
  steps: [{ from: start, quantity: level }],
});

function isSamePeriod(told: LinePeriod, { id, start, end, state }: SchedulePeriod): boolean {
  const isClosedInBoth = (told.state === 'closed') === (state === 'closed');
  return told.id === id && told.start === start && told.end === end && isClosedInBoth && told.restated === undefined;
}

/** Walks the new movements once, period after period. */
class Walk {
  private next = 0;
  private level: Quantity;

  constructor(
    private readonly movements: readonly NewMovement[],
    private readonly changes: readonly RowChange[],
    private readonly countedUntilMs: number,
    levelBefore: Quantity,
  ) {
    this.level = levelBefore;
  }

  over(told: LinePeriod, bounds: PeriodBounds, timeZone: string): LinePeriod {
    const zone = zoneCalendar(timeZone);
    const { fromMs, untilMs, start, end } = bounds;
    while (this.nextAtMs() < fromMs) this.take('0'); // between two periods, after a change of zone
    const isUntouched = this.countedUntilMs < fromMs; // nothing has moved in it: it only carries the level that comes into it
    const carriedIn = this.level;
    const steps = isUntouched ? [{ from: start, quantity: carriedIn }] : [...told.steps];
    const levelTold = told.steps.at(-1)!.quantity;
    if (!isUntouched) this.level = levelTold;
    let [peak, removed] = [isUntouched ? null : told.peak, told.removed];
    while (this.nextAtMs() < untilMs) {
      const atMs = this.nextAtMs();
      if (peak === null && atMs > fromMs) peak = this.level;
      for (; this.nextAtMs() === atMs; this.next++) removed = this.take(removed);
      peak = largerQuantity(peak ?? this.level, this.level);
      const from = within(zone.localDateOf(atMs), start, end);
      if (steps.at(-1)!.from === from) steps.pop();
      steps.push({ from, quantity: this.level });
    }
    const present = this.presentIn(told, bounds);
    return { ...told, present, peak: peak ?? this.level, removed, steps: withoutRepeats(steps) };
  }

  private nextAtMs(): number {
    return this.movements[this.next]?.atMs ?? Infinity;
  }

  private take(removed: Quantity): Quantity {
    const { delta, ends } = this.movements[this.next]!;
    this.level = addQuantities(this.level, delta);
    return ends ? subtractQuantities(removed, delta) : removed;
  }

  /** Units present add up over rows: those of the rows that went on are exchanged. */
  private presentIn({ present }: LinePeriod, bounds: PeriodBounds): Quantity {
    return this.changes.reduce(
      (sum, { before, after }) => addQuantities(sum, subtractQuantities(mostHeld(after, bounds), mostHeld(before, bounds))),
      present,
    );
  }
}

// Only after a change of zone can an instant of a period lie on a local day outside of it.
function within(date: PlainDate, start: PlainDate, end: PlainDate): PlainDate {
  if (date < start) return start;
  return date < end ? date : addDays(end, -1);
}
