import { type ChangeStep, type PlainDate, type Quantity, addDays, levelOn } from '@trueup/contracts';
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

function wantedSteps({ steps, restated }: RestatedPart): readonly ChangeStep[] {
  return restated ?? steps;
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
    return { periodId, units, from, to };
  });
  return joined(segments).filter(({ units }) => units !== '0');
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
