import type { Quantity } from '@trueup/contracts';
import { addQuantities, subtractQuantities, sumQuantities } from '../quantity-math.js';
import type { Movement } from '../rows/movements-of.js';

/**
 * What is held at the start of a period, told by the movements that made it: who has held it since when. With `frozen`, the movements
 * of the row as the period before was closed with it: what differs from that came late.
 */
export function carriedMovements(before: readonly Movement[], frozen?: readonly Movement[]): Movement[] {
  const carried = openingOf(frozen ?? before);
  const late = frozen === undefined ? undefined : lateOf(before, frozen);
  return [...(carried === undefined ? [] : [carried]), ...(late === undefined ? [] : [late])];
}

function openingOf(movements: readonly Movement[]): Movement | undefined {
  let level: Quantity = '0';
  let opening: Movement | undefined;
  for (const movement of movements) {
    if (level === '0') opening = movement;
    level = addQuantities(level, movement.delta);
  }
  return opening === undefined || level === '0' ? undefined : { ...opening, delta: level, code: 'CARRIED' };
}

function lateOf(before: readonly Movement[], frozen: readonly Movement[]): Movement | undefined {
  const delta = subtractQuantities(levelAfter(before), levelAfter(frozen));
  const made = before.findLast((movement) => !frozen.some((known) => isSame(known, movement))) ?? before.at(-1) ?? frozen.at(-1);
  return made === undefined || delta === '0' ? undefined : { ...made, delta, code: 'LATE' };
}

const levelAfter = (movements: readonly Movement[]): Quantity => sumQuantities(movements.map(({ delta }) => delta));

const isSame = (a: Movement, b: Movement): boolean => a.at === b.at && a.delta === b.delta && a.eventId === b.eventId;
