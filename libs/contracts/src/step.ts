import { z } from 'zod';
import { plainDate, type PlainDate } from './plain-date.js';
import { quantity, type Quantity } from './quantity.js';

/** A day and the quantity that holds from that day on. */
export interface Step {
  from: PlainDate;
  quantity: Quantity;
}

export const step = z.object({ from: plainDate, quantity });

/** The quantity that an ascending schedule has on `date`; "0" before its first step. */
export function levelOn(steps: readonly Step[], date: PlainDate): Quantity {
  let level: Quantity = '0';
  for (const next of steps) {
    if (next.from > date) break;
    level = next.quantity;
  }
  return level;
}

/** The schedule as seen from `date` on: one step at `date` with the level in force there, then the later changes. */
export function stepsFrom(steps: readonly Step[], date: PlainDate): Step[] {
  const later = steps.filter((next) => next.from > date);
  return [{ from: date, quantity: levelOn(steps, date) }, ...later];
}

/** The same schedule without steps that change nothing; the first step stays. */
export function withoutRepeats(steps: readonly Step[]): Step[] {
  return steps.filter((next, index) => index === 0 || next.quantity !== steps[index - 1]!.quantity);
}
