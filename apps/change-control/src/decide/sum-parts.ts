import { type ChangeStep, type Guard, laterOf } from '@trueup/contracts';
import type { AgreementLineRow, ConfirmedPart, StoredConnection } from '@trueup/control';
import {
  type AdoptedOffset,
  type LateSplit,
  type PartPeriod,
  agreementSchedule,
  closedThrough,
  currentSteps,
  flooredSchedule,
  offsetOn,
  scheduleFrom,
  sharedPeriods,
  splitLateUnits,
  startOfPeriodWith,
  subtractQuantities,
  writesFrom,
} from '@trueup/domain';
import { isAsReleased } from '../outcomes/fold-outcome.js';
import type { TenantDay } from '../tenant-day.js';

/** What the parts of an agreement line make of it on a day. */
export interface SumInput {
  row: AgreementLineRow;
  parts: readonly ConfirmedPart[];
  connection: StoredConnection;
  /** The floors of this line. */
  floors: readonly Guard[];
  day: TenantDay;
  /** An earlier period: nothing that came after it is brought, and what it left is dated from the period that contains today. */
  periodId?: string;
}

/**
 * The row with its schedule: rows, offset and floor, from the first day on which it may be written. What late events changed in confirmed
 * periods is in it as far as it can be.
 */
export function sumParts(input: SumInput): AgreementLineRow {
  const { row, parts, connection, floors, day } = input;
  const living = parts.filter((part) => !part.isLeft);
  const periods = sharedPeriods(living.map((part) => part.periods));
  const { prorate } = connection.settings;
  const { scheduledFrom } = lateSplitOf(input);
  const first = firstDayOf(input, scheduledFrom);
  const offsets = row.offsets.map((offset) => (prorate ? offset : inWholePeriods(offset, periods)));
  const own = parts.map((part) => currentSteps(part, scheduledFrom));
  const summed = agreementSchedule(own, { offsets, today: day.today });
  const steps = floors.length === 0 ? summed : flooredSchedule(summed, agreementSchedule(own), floors);
  const whole = {
    ...row,
    offsetUnits: offsetOn(offsets, day.today),
    floorUnits: subtractQuantities(lastLevel(steps), lastLevel(summed)),
    steps: scheduleFrom(steps, first),
    writesFrom: first,
    closedThrough: closedThrough(living.map((part) => part.periods)),
  };
  return input.periodId === undefined ? whole : { ...whole, ...endedWith(input.periodId, steps, first, { periods, day }) };
}

/** What a run on an earlier period brings. It confirms no period: earlier days are not in it. */
function endedWith(
  periodId: string,
  steps: readonly ChangeStep[],
  first: string,
  { periods, day }: { periods: readonly PartPeriod[]; day: TenantDay },
): Pick<AgreementLineRow, 'steps' | 'writesFrom' | 'closedThrough'> {
  const from = laterOf(first, startOfPeriodWith(periods, day.today));
  const quantity = lastLevel(steps.filter((step) => step.from <= periodId));
  return { steps: [{ from, quantity, periodId: day.periodId }], writesFrom: from, closedThrough: null };
}

/**
 * What late events changed in confirmed periods. It goes to the schedule, but for periods where the PSA refused it, quantities that nobody
 * can read, and lines with a floor, whose units there say nothing about the rows.
 */
export function lateSplitOf({ row, parts, connection, floors, day }: SumInput): LateSplit {
  const { confirmedThrough } = row;
  const first = firstDayOf({ row, parts, connection, day }, null);
  const isOnlyListed = floors.length > 0 || row.held?.steps === 'unreadable';
  const notBefore = isOnlyListed ? confirmedThrough : row.correctsFrom;
  const periods = sharedPeriods(parts.filter((part) => !part.isLeft).map((part) => part.periods));
  const split = splitLateUnits(parts, periods, { confirmedThrough, first, notBefore });
  const days = [split.scheduledFrom, reachOfUnanswered(row, periods)].filter((day) => day !== null);
  return { ...split, scheduledFrom: days.sort()[0] ?? null };
}

/**
 * A version that corrects confirmed periods may have been written, wholly or in part, as long as it is not answered. What follows it
 * covers its days too: if nothing is late any more, what it wrote is taken back there.
 */
function reachOfUnanswered(row: AgreementLineRow, periods: readonly PartPeriod[]): string | null {
  const { change, confirmedThrough, correctsFrom, isPreview, outcomeVersion, outcomeIsFinal, version } = row;
  if (change === null || isPreview || confirmedThrough === null || change.writesFrom >= confirmedThrough) return null;
  const isAnswered = outcomeVersion === version && outcomeIsFinal && isAsReleased(row);
  if (isAnswered || (correctsFrom !== null && change.writesFrom < correctsFrom)) return null;
  return startOfPeriodWith(periods, change.writesFrom);
}

/** The first day on which the line may be written, or, with nothing confirmed, from which on it was ever to be billed. */
export function firstDayOf({ row, parts, connection, day }: Omit<SumInput, 'floors'>, confirmedThrough: string | null): string {
  const living = parts.filter((part) => !part.isLeft);
  return writesFrom({
    ...{ liveFrom: day.liveFrom, mappedFrom: living.map((part) => part.mappedFrom), confirmedThrough },
    ...{ adoptedFrom: row.adoptedFrom, resolvedFrom: row.resolvedFrom, prorate: connection.settings.prorate },
    periods: sharedPeriods(living.map((part) => part.periods)),
  });
}

/** The level that holds until further notice. */
export function lastLevel(steps: readonly Pick<ChangeStep, 'quantity'>[]): string {
  return steps.at(-1)?.quantity ?? '0';
}

/** Not prorating, an offset counts from the start of the period in which it begins, and up to that of the one in which it ends. */
function inWholePeriods(offset: AdoptedOffset, periods: readonly PartPeriod[]): AdoptedOffset {
  const { units, from, to } = offset;
  return {
    ...{ units, from: startOfPeriodWith(periods, from) },
    ...(to !== undefined && { to: startOfPeriodWith(periods, to) }),
  };
}
