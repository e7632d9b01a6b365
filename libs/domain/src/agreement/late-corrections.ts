import { type ChangeStep, type LinePeriod, type PlainDate, type Quantity, addDays, laterOf, levelOn } from '@trueup/contracts';
import { startOfPeriodWith } from './contributions-of.js';
import { subtractQuantities, sumQuantities } from '../quantity-math.js';

/** What one line adds: by frozen periods, by what those should have been, and what the PSA has confirmed of it. */
export interface RestatedPart {
  steps: readonly ChangeStep[];
  /** Absent where no late event touched a period. */
  restated?: readonly ChangeStep[] | null;
  /** Steps of confirmed periods as they were delivered; a period without any was delivered as it was frozen. */
  confirmed?: readonly ChangeStep[] | null;
}

/** Units that a period should have had more (or, below 0, less) from a day on, up to `to` (exclusive). */
export interface LateUnits {
  periodId: PlainDate;
  units: Quantity;
  /** What all lines together had been delivered on the first of these days. */
  delivered: Quantity;
  from: PlainDate;
  to: PlainDate;
}

/** The schedule of a part: as delivered where the PSA has confirmed the period, else what it should be. `confirmedThrough` is exclusive. */
export function currentSteps(part: RestatedPart, confirmedThrough: PlainDate | null): readonly ChangeStep[] {
  const { steps, restated, confirmed } = part;
  if (!restated && !confirmed) return steps;
  const isOver = ({ periodId }: ChangeStep): boolean => confirmedThrough !== null && periodId < confirmedThrough;
  const known = new Set((confirmed ?? []).map((step) => step.periodId));
  const delivered = [...(confirmed ?? []), ...steps.filter((step) => !known.has(step.periodId))].filter(isOver);
  const rest = wantedSteps(part).filter((step) => !isOver(step));
  return [...delivered, ...rest].sort((a, b) => (a.from < b.from ? -1 : 1));
}

/** A period that the target has dropped stays as it was delivered. */
function wantedSteps({ steps, restated, confirmed }: RestatedPart): readonly ChangeStep[] {
  const wanted = restated ?? steps;
  const oldest = wanted[0]?.periodId ?? '';
  return [...(confirmed ?? []).filter((step) => step.periodId < oldest), ...wanted];
}

/** What late events changed in confirmed periods, day by day, joined where days have the same difference. */
export function lateUnits(parts: readonly RestatedPart[], confirmedThrough: PlainDate | null): LateUnits[] {
  const touched = parts.filter((part) => part.restated || part.confirmed);
  const delivered = touched.map((part) => currentSteps(part, confirmedThrough));
  const wanted = touched.map(wantedSteps);
  const days = daysOf([...delivered, ...wanted]).filter(
    ({ periodId }) => confirmedThrough !== null && periodId < confirmedThrough,
  );
  const segments = days.map(({ from, periodId }, index) => {
    const levels = wanted.map((own, part) => subtractQuantities(levelOn(own, from), levelOn(delivered[part]!, from)));
    const units = sumQuantities(levels);
    const next = days[index + 1];
    const to = next?.periodId === periodId ? next.from : addDays(periodId, 1);
    const billed = parts.map((part) => levelOn(currentSteps(part, confirmedThrough), from));
    return { periodId, units, delivered: sumQuantities(billed), from, to };
  });
  return joined(segments).filter(({ units }) => units !== '0');
}

/** How far back late units may be brought to the schedule again. */
export interface CorrectionBounds {
  /** The end (exclusive) of the last period that the PSA has confirmed. */
  confirmedThrough: PlainDate | null;
  /** The first day on which the line was ever to be billed: what lies before is no correction. */
  first: PlainDate;
  /** Confirmed periods that begin before it take no correction any more; null: they all do. */
  notBefore: PlainDate | null;
}

/** Late units of confirmed periods, apart: those that the schedule carries on their own days, and those that are for a person. */
export interface LateSplit {
  scheduled: LateUnits[];
  listed: LateUnits[];
  /** Periods from this day on are in the schedule: confirmed ones because a correction reaches back to them. */
  scheduledFrom: PlainDate | null;
}

/**
 * Splits the late units. A correction brings its period, and every confirmed one after it, back to the schedule, so that the difference
 * can be found and written on its own days.
 */
export function splitLateUnits(
  parts: readonly RestatedPart[],
  periods: readonly Pick<LinePeriod, 'start' | 'end'>[],
  { confirmedThrough, first, notBefore }: CorrectionBounds,
): LateSplit {
  const late = lateUnits(parts, confirmedThrough)
    .filter(({ to }) => to > first)
    .map((one) => ({ ...one, from: laterOf(one.from, first) }));
  const isBarred = ({ to }: LateUnits): boolean => notBefore !== null && to <= notBefore;
  const scheduled = late.filter((one) => !isBarred(one));
  const oldest = scheduled[0];
  return {
    scheduled,
    listed: late.filter(isBarred),
    scheduledFrom: oldest === undefined ? confirmedThrough : startOfPeriodWith(periods, oldest.from),
  };
}

function daysOf(schedules: readonly (readonly ChangeStep[])[]): Pick<ChangeStep, 'from' | 'periodId'>[] {
  const steps = schedules.flat();
  const byDay = new Map(steps.map(({ from, periodId }) => [from, { from, periodId }]));
  return [...byDay.values()].sort((a, b) => (a.from < b.from ? -1 : 1));
}

function joined(segments: readonly LateUnits[]): LateUnits[] {
  const list: LateUnits[] = [];
  for (const segment of segments) {
    const last = list.at(-1);
    const isSame = last?.periodId === segment.periodId && last.units === segment.units && last.to === segment.from;
    if (isSame) list[list.length - 1] = { ...last, to: segment.to };
    else list.push(segment);
  }
  return list;
}
