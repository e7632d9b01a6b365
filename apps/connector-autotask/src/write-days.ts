import {
  addDays,
  laterOf,
  type ConnectionSettings,
  type Memory,
  type PlainDate,
  type QuantityChange,
  type ShiftedDays,
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

  /** The day from which a change of `day` should be billed: within the contract, and on a period start where that is wanted. */
  meantDay(day: PlainDate): PlainDate | undefined {
    const inside = laterOf(day, this.held.contract.start);
    const aligned = this.isAligned ? periodStartFrom(this.held.contract, inside) : inside;
    return aligned === undefined || aligned > this.end ? undefined : aligned;
  }

  /** The day on which a change of `day` is written: the same, moved on where it lies in a posted period and the connection says `next`. */
  dayFor(day: PlainDate): PlainDate | undefined {
    const meant = this.meantDay(day);
    if (meant === undefined || this.settings.onPostedPeriod === 'hold' || !this.isPosted(meant)) return meant;
    return this.#nextStart(meant, (start) => !this.isPosted(start));
  }

  /** Whether a change of that day would alter posted units: a change alters all later days too. Or Autotask said so when we tried. */
  isPosted(day: PlainDate): boolean {
    const isBeforePosted = this.held.posted.some(({ end }) => end >= day);
    return isBeforePosted || this.#refusedDays('PERIOD_POSTED').some((refused) => this.isSamePeriod(refused, day));
  }

  /** Why a day is billed otherwise than meant. */
  reasonOn(day: PlainDate): ShiftedDays['reason'] {
    if (this.isPosted(day)) return 'posted';
    return this.change.prorate ? 'date-shifted' : 'date-taken';
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
