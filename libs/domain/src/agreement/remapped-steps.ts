import { type ChangeStep, type PlainDate, levelOn } from '@trueup/contracts';
import { compareQuantities } from '../quantity-math.js';

/** What a line adds to its new agreement line while it still counts on the old one: nothing from the day of the move on. */
export function withheldSteps(steps: readonly ChangeStep[], movedFrom: PlainDate): ChangeStep[] {
  return withDay(steps, movedFrom).map((step) => (step.from < movedFrom ? step : { ...step, quantity: '0' }));
}

/**
 * What a line adds to its new agreement line once the old one let it go on `day`: nothing from the move up to that day, all its units
 * from then on.
 */
export function stepsSince(steps: readonly ChangeStep[], movedFrom: PlainDate, day: PlainDate): ChangeStep[] {
  const all = withDay(withDay(steps, movedFrom), day);
  return all.map((step) => (step.from < movedFrom || step.from >= day ? step : { ...step, quantity: '0' }));
}

/** The same levels with a step on the day, if they have begun by then. */
function withDay(steps: readonly ChangeStep[], day: PlainDate): ChangeStep[] {
  const before = steps.findLast((step) => step.from <= day);
  if (!before || before.from === day) return [...steps];
  const at = { ...before, from: day, quantity: levelOn(steps, day) };
  return [...steps.filter((step) => step.from < day), at, ...steps.filter((step) => step.from > day)];
}

/** The day on which a lowering took effect: that of the first write that lowers on or after the day asked for. */
export function dayTaken(
  writes: readonly { effectiveDate: PlainDate; before: string; after: string }[],
  wanted: PlainDate,
): PlainDate {
  const lowering = writes.filter((write) => compareQuantities(write.after, write.before) < 0 && write.effectiveDate >= wanted);
  return lowering.map((write) => write.effectiveDate).sort()[0] ?? wanted;
}
