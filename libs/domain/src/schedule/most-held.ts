import type { Quantity } from '@trueup/contracts';
import { addQuantities, largerQuantity } from '../quantity-math.js';
import type { Movement } from '../rows/movements-of.js';
import type { PeriodBounds } from './schedule-period.js';

/** The most units that a row with these movements held at any moment of a period; all of one instant counts together. */
export function mostHeld(
  movements: readonly Movement[],
  { fromMs, untilMs }: Pick<PeriodBounds, 'fromMs' | 'untilMs'>,
): Quantity {
  let held: Quantity = '0';
  let most: Quantity | null = null;
  for (let index = 0; index < movements.length; index++) {
    const atMs = Date.parse(movements[index]!.at);
    if (atMs >= untilMs) break;
    if (most === null && atMs > fromMs) most = held;
    held = addQuantities(held, movements[index]!.delta);
    const isLastOfInstant = movements[index + 1]?.at !== movements[index]!.at;
    if (most !== null && isLastOfInstant) most = largerQuantity(most, held);
  }
  return most ?? held;
}
