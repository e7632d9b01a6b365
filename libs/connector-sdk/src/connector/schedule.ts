import { levelOn, stepsFrom, withoutRepeats, type PlainDate, type Quantity, type Step } from '@trueup/contracts';
import { plus, smallerOf } from './quantity-math.js';

/** The schedule from `date` on in its shortest form: two schedules mean the same exactly when these are equal. */
export function shortestFrom(steps: readonly Step[], date: PlainDate): Step[] {
  return withoutRepeats(stepsFrom(steps, date).map(({ from, quantity }) => ({ from, quantity })));
}

/** Whether both schedules have the same level on every day from `date` on. */
export function isSameFrom(a: readonly Step[], b: readonly Step[], date: PlainDate): boolean {
  const [left, right] = [shortestFrom(a, date), shortestFrom(b, date)];
  return (
    left.length === right.length && left.every((step, i) => step.from === right[i]!.from && step.quantity === right[i]!.quantity)
  );
}

/** Whether the schedule is "0" on every day from `date` on. */
export function isZeroFrom(steps: readonly Step[], date: PlainDate): boolean {
  return stepsFrom(steps, date).every((step) => step.quantity === '0');
}

/** The schedule after a dated change by `delta` units that holds from `date` on. */
export function raisedFrom(steps: readonly Step[], date: PlainDate, delta: Quantity): Step[] {
  const earlier = steps.filter((step) => step.from < date);
  const later = stepsFrom(steps, date).map((step) => ({ from: step.from, quantity: plus(step.quantity, delta) }));
  return withoutRepeats([...earlier, ...later]);
}

/** The lowest level on any day from `date` on. */
export function lowestFrom(steps: readonly Step[], date: PlainDate): Quantity {
  return stepsFrom(steps, date).reduce((lowest, step) => smallerOf(lowest, step.quantity), levelOn(steps, date));
}

/** The level that holds in the end, until further notice; "0" for an empty schedule. */
export function lastLevelOf(steps: readonly Step[]): Quantity {
  return steps.at(-1)?.quantity ?? '0';
}
