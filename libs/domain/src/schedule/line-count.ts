import { addDays, type LinePeriod, type PlainDate, type Quantity, type Step, withoutRepeats } from '@trueup/contracts';
import type { ZoneCalendar } from '../calendar/zone-calendar.js';
import { addQuantities, largerQuantity, subtractQuantities, sumQuantities } from '../quantity-math.js';
import type { Holding } from '../rows/holding.js';
import { movementsOf } from '../rows/movements-of.js';
import type { PeriodBounds } from './schedule-period.js';

/** A movement of one row of the line, with its instant in epoch ms. */
interface TimedMovement {
  atMs: number;
  row: number;
  delta: Quantity;
  ends: boolean;
}

/** What one period of a line counts, in units. */
export type PeriodCounts = Pick<LinePeriod, 'present' | 'peak' | 'removed' | 'steps'>;

/** Walks the movements of a line once, period after period. */
export class LineCount {
  private readonly movements: readonly TimedMovement[];
  private readonly held: Quantity[];
  private level: Quantity = '0';
  private next = 0;

  constructor(holdings: readonly Holding[]) {
    this.movements = holdings.flatMap(timed).sort((a, b) => a.atMs - b.atMs);
    this.held = holdings.map(() => '0');
  }

  /** Counts of one period; periods come in ascending order. */
  over({ fromMs, untilMs, start, end }: PeriodBounds, zone: ZoneCalendar): PeriodCounts {
    while (this.nextAtMs() < fromMs) this.takeInstant();
    const removedAtStart = this.nextAtMs() === fromMs ? unitsEnded(this.takeInstant()) : '0';
    const most = [...this.held];
    const counts = { peak: this.level, removed: removedAtStart, steps: [{ from: start, quantity: this.level }] };
    while (this.nextAtMs() < untilMs) {
      const date = within(zone.localDateOf(this.nextAtMs()), start, end);
      const taken = this.takeInstant();
      for (const { row } of taken) most[row] = largerQuantity(most[row]!, this.held[row]!);
      counts.peak = largerQuantity(counts.peak, this.level);
      counts.removed = addQuantities(counts.removed, unitsEnded(taken));
      setLevel(counts.steps, date, this.level);
    }
    return { present: sumQuantities(most), ...counts, steps: withoutRepeats(counts.steps) };
  }

  private nextAtMs(): number {
    return this.movements[this.next]?.atMs ?? Infinity;
  }

  // Everything of one instant belongs together: intervals are half-open, what moves within the line is never counted twice.
  private takeInstant(): TimedMovement[] {
    const atMs = this.nextAtMs();
    const taken: TimedMovement[] = [];
    while (this.nextAtMs() === atMs) {
      const movement = this.movements[this.next++]!;
      this.level = addQuantities(this.level, movement.delta);
      this.held[movement.row] = addQuantities(this.held[movement.row]!, movement.delta);
      taken.push(movement);
    }
    return taken;
  }
}

function timed(holding: Holding, row: number): TimedMovement[] {
  return movementsOf(holding).map(({ at, delta, ends }) => ({ atMs: Date.parse(at), row, delta, ends }));
}

function unitsEnded(movements: readonly TimedMovement[]): Quantity {
  return movements.reduce((units, { delta, ends }) => (ends ? subtractQuantities(units, delta) : units), '0');
}

function setLevel(steps: Step[], date: PlainDate, level: Quantity): void {
  if (steps.at(-1)!.from === date) steps.pop();
  steps.push({ from: date, quantity: level });
}

// Only after a change of zone can an instant of a period lie on a local day outside of it.
function within(date: PlainDate, start: PlainDate, end: PlainDate): PlainDate {
  if (date < start) return start;
  return date < end ? date : addDays(end, -1);
}
