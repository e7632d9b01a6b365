import { type ChangeStep, type PlainDate, levelOn } from '@trueup/contracts';
import { addQuantities, sumQuantities } from '../quantity-math.js';
import { type AdoptedOffset, offsetDays, offsetOn } from './adopted-offset.js';

/** The offsets that count up to a day; what begins or ends later is decided when it comes. */
export interface OffsetsToday {
  offsets: readonly AdoptedOffset[];
  today: PlainDate;
}

/**
 * The exact sum of the parts on every day on which one of them says something, plus the offset. A part that does not know the newest
 * period yet keeps its last level there. Each period keeps a step at its start.
 */
export function agreementSchedule(parts: readonly (readonly ChangeStep[])[], adopted?: OffsetsToday): ChangeStep[] {
  const periodOfDay = new Map(parts.flat().map((step) => [step.from, step.periodId]));
  const { offsets, today } = adopted ?? { offsets: [], today: '' };
  for (const day of offsetDays(offsets, today)) addOffsetDay(periodOfDay, day);
  const days = [...periodOfDay.keys()].sort();
  const steps = days.map((from) => {
    const rows = sumQuantities(parts.map((part) => levelOn(part, from)));
    const day = from < today ? from : today;
    return { from, quantity: addQuantities(rows, offsetOn(offsets, day)), periodId: periodOfDay.get(from)! };
  });
  return steps.filter((step, index) => saysSomething(step, steps[index - 1]));
}

/** The schedule from `date` on; what lies before collapses into the level in force there. No level is lost or made. */
export function scheduleFrom(steps: readonly ChangeStep[], date: PlainDate): ChangeStep[] {
  const before = steps.findLast((step) => step.from <= date);
  const after = steps.filter((step) => step.from > date);
  return before ? [{ ...before, from: date }, ...after] : after;
}

/** Whether a step is more than a repetition of the one before it in its period. */
export function saysSomething(step: ChangeStep, before: ChangeStep | undefined): boolean {
  return before === undefined || step.quantity !== before.quantity || step.periodId !== before.periodId;
}

function addOffsetDay(periodOfDay: Map<PlainDate, PlainDate>, day: PlainDate): void {
  if (periodOfDay.has(day)) return;
  const lastBefore = [...periodOfDay.keys()]
    .filter((known) => known < day)
    .sort()
    .at(-1);
  if (lastBefore !== undefined) periodOfDay.set(day, periodOfDay.get(lastBefore)!);
}
