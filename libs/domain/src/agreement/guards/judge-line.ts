import { type Guard, type Step, toQuantity } from '@trueup/contracts';
import { compareQuantities } from '../../quantity-math.js';
import type { CountedLine, Trip } from './counted-line.js';
import { changeOf, isAboveLimit, wordsOfLimit } from './limits.js';

export const WAY_OUT = 'Release the hold with a note, or correct the cause';

/** What stands against a line by itself: ceilings, the largest change of a line, and zeroes that need a hand. */
export function judgeLine(
  line: CountedLine,
  steps: readonly Step[],
  guards: readonly Guard[],
  requireHand: { zero: boolean },
): Trip | undefined {
  const { highest, level } = line;
  const isZeroed = level === '0' && compareQuantities(highest, '0') > 0;
  if (requireHand.zero && isZeroed) {
    return { code: 'HELD', message: `${highest} → 0: the connection wants a person to confirm every zero. ${WAY_OUT}` };
  }
  for (const guard of guards) {
    const message = guard.kind === 'ceiling' ? aboveCeiling(guard, steps) : changedTooMuch(guard, line);
    if (message !== undefined) return { code: 'GUARD_TRIPPED', message: `${message} (guard ${guard.id}). ${WAY_OUT}` };
  }
  return undefined;
}

function aboveCeiling(guard: Guard, steps: readonly Step[]): string | undefined {
  const above = steps.find((step) => compareQuantities(step.quantity, toQuantity(guard.value)) > 0);
  return above && `${above.quantity} from ${above.from} is above the ceiling of ${guard.value}`;
}

function changedTooMuch(guard: Guard, line: CountedLine): string | undefined {
  if (guard.kind !== 'max-change' || guard.per !== 'line') return undefined;
  if (!isAboveLimit(guard, changeOf(line), line.opening)) return undefined;
  return `${line.opening} → ${line.level} in one run is more than ${wordsOfLimit(guard)}`;
}
