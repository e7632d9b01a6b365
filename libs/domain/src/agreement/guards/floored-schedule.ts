import { type ChangeStep, type Guard, type Quantity, type Step, levelOn, toQuantity } from '@trueup/contracts';
import { saysSomething } from '../agreement-schedule.js';
import { compareQuantities, largerQuantity } from '../../quantity-math.js';

/**
 * The schedule with the floor on every day on which the rows hold something; an unconditional floor counts on every day. Of several
 * floors the highest counts. `rows` is the schedule without offset.
 */
export function flooredSchedule(steps: readonly ChangeStep[], rows: readonly Step[], floors: readonly Guard[]): ChangeStep[] {
  const floored = steps.map((step) => {
    const holdsNothing = compareQuantities(levelOn(rows, step.from), '0') <= 0;
    const counting = floors.filter((floor) => floor.unconditional === true || !holdsNothing);
    const quantity = counting.reduce<Quantity>((level, floor) => largerQuantity(level, toQuantity(floor.value)), step.quantity);
    return { ...step, quantity };
  });
  return floored.filter((step, index) => saysSomething(step, floored[index - 1]));
}
