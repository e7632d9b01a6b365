import { addDays, levelOn, type PlainDate, type ShiftedDays, type Step } from '@trueup/connector-sdk';

const HOUR_MS = 3_600_000;

/** A year of one line as a script: who changed what when, when the connector was down, how billing is set up. */
export interface Year {
  prorate: boolean;
  /** Closing day until the end of December, and after it; 31 = month end. */
  closeDays: readonly [number, number];
  /** Hours after the year's begin, and by how many units. */
  changes: readonly (readonly [hour: number, delta: number])[];
  /** First day of the year and number of days. */
  outages: readonly (readonly [day: number, days: number])[];
  /** Days after a period's end on which it is posted. */
  postedAfterDays: number;
  isWritesFromRaised: boolean;
}

export const YEAR_START = '2026-07-01';
export const YEAR_DAYS = 350;

/** What an MSP's billing says of the year: levels by day, periods, and the schedule known at a moment. */
export class YearOfBilling {
  readonly #levels = new Map<PlainDate, number>();
  #level = 0;

  constructor(
    readonly year: Year,
    readonly timeZone: string,
  ) {}

  get begin(): number {
    return Date.parse(`${YEAR_START}T12:00:00Z`);
  }

  dayOf(at: number): PlainDate {
    return new Intl.DateTimeFormat('sv-SE', { timeZone: this.timeZone }).format(at);
  }

  change(at: number, delta: number): void {
    this.#level = Math.max(0, this.#level + delta);
    this.#levels.set(this.dayOf(at), this.#level);
  }

  isDown(at: number): boolean {
    const hour = (at - this.begin) / HOUR_MS;
    return this.year.outages.some(([day, days]) => hour >= day * 24 && hour < (day + days) * 24);
  }

  /** The steps of all periods up to `today`, with the level held at each day's end, or at each period's. */
  stepsOn(today: PlainDate): Step[] {
    if (!this.year.prorate) {
      const starts = this.periodStarts(today);
      return starts.map((from, i) => ({ from, quantity: this.levelAt(starts[i + 1] ? addDays(starts[i + 1]!, -1) : today) }));
    }
    const days = [...this.#levels.keys()].sort();
    return [
      { from: YEAR_START, quantity: this.levelAt(YEAR_START) },
      ...days.map((from) => ({ from, quantity: this.levelAt(from) })),
    ];
  }

  /** First days of our billing periods, the first one cut to the year. */
  periodStarts(today: PlainDate): PlainDate[] {
    const starts = [YEAR_START];
    for (let day = addDays(YEAR_START, 1); day <= today; day = addDays(day, 1))
      if (this.#isLastDay(addDays(day, -1))) starts.push(day);
    return starts;
  }

  /** What should be billed on a day by the schedule of `today`, where Autotask's periods begin on the first. */
  meantOn(day: PlainDate, today: PlainDate, isExact: boolean): number {
    const isAligned = !this.year.prorate && !isExact;
    return Number(levelOn(this.stepsOn(today), isAligned ? `${day.slice(0, 8)}01` : day));
  }

  levelAt(day: PlainDate): string {
    const known = [...this.#levels].filter(([each]) => each <= day).sort(([a], [b]) => a.localeCompare(b));
    return String(known.at(-1)?.[1] ?? 0);
  }

  #isLastDay(day: PlainDate): boolean {
    const closeDay = this.year.closeDays[day < '2027-01-01' ? 0 : 1];
    const isMonthEnd = addDays(day, 1).endsWith('-01');
    return isMonthEnd ? closeDay >= Number(day.slice(8)) : Number(day.slice(8)) === closeDay;
  }
}

/** What the outcomes told of days that are billed otherwise than meant. */
export class ToldShifts {
  readonly #units = new Map<PlainDate, number>();

  /** An outcome tells all days from the change's `writesFrom` on; what was told of earlier ones stands. */
  tell(writesFrom: PlainDate, shifted: readonly ShiftedDays[] = []): void {
    for (const day of [...this.#units.keys()]) if (day >= writesFrom) this.#units.delete(day);
    for (const { wanted, taken, units } of shifted) {
      for (let day = wanted; day < taken; day = addDays(day, 1)) this.#units.set(day, Number(units));
    }
  }

  on(day: PlainDate): number {
    return this.#units.get(day) ?? 0;
  }
}
