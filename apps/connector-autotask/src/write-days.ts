import {
  addDays,
  laterOf,
  type ConnectionSettings,
  type Memory,
  type PlainDate,
  type QuantityChange,
} from '@trueup/connector-sdk';
import { periodStartFrom, periodStartOf } from './psa-periods.js';
import type { HeldUnits } from './read-units.js';

/** On which days this line may be written. */
export class WriteDays {
  constructor(
    private readonly change: QuantityChange,
    private readonly held: HeldUnits,
    private readonly memory: Memory,
    private readonly settings: ConnectionSettings,
  ) {}

  get end(): PlainDate {
    return this.held.contract.end;
  }

  /** The day on which a change of `day` is written: within the contract, on a period start where that is wanted, in no posted period. */
  dayFor(day: PlainDate): PlainDate | undefined {
    const inside = laterOf(day, this.held.contract.start);
    const aligned = this.isAligned ? periodStartFrom(this.held.contract, inside) : inside;
    if (aligned === undefined || aligned > this.end) return undefined;
    if (this.settings.onPostedPeriod === 'hold' || !this.isPosted(aligned)) return aligned;
    return this.#nextStart(aligned, (start) => !this.isPosted(start));
  }

  /** Whether the day lies in posted units, or Autotask said so when we wrote into its period. */
  isPosted(day: PlainDate): boolean {
    const isInPostedRow = this.held.posted.some(({ start, end }) => start <= day && day <= end);
    return isInPostedRow || this.#refusedDays('PERIOD_POSTED').some((refused) => this.isSamePeriod(refused, day));
  }

  /**
   * Whether Autotask takes no further change for the day. Prorating, a change of ours is enough to know; otherwise only Autotask's own
   * refusal, since nobody has recorded whether the rule holds on first days.
   */
  isTaken(day: PlainDate): boolean {
    return (
      this.#refusedDays('EFFECTIVE_DATE_TAKEN').includes(day) || (this.change.prorate && this.memory.usedDates.includes(day))
    );
  }

  isSamePeriod(a: PlainDate, b: PlainDate): boolean {
    return periodStartOf(this.held.contract, a) === periodStartOf(this.held.contract, b);
  }

  /** The next start of a period that is neither posted nor taken. */
  nextFreeStart(day: PlainDate): PlainDate | undefined {
    return this.#nextStart(day, (start) => !this.isPosted(start) && !this.isTaken(start));
  }

  /** Where Autotask's period is longer than ours, every period of ours keeps its own day. */
  private get isAligned(): boolean {
    return !this.change.prorate && this.settings.dateAlignment === 'psa-period' && this.held.contract.periodMonths === 1;
  }

  #nextStart(day: PlainDate, isFree: (start: PlainDate) => boolean): PlainDate | undefined {
    let start = periodStartFrom(this.held.contract, addDays(day, 1));
    while (start !== undefined && !isFree(start)) start = periodStartFrom(this.held.contract, addDays(start, 1));
    return start;
  }

  #refusedDays(code: string): PlainDate[] {
    return this.memory.writes.filter((each) => each.state === 'refused' && each.code === code).map((each) => each.effectiveDate);
  }
}
