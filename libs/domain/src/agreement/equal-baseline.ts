import { type PlainDate, type Step, levelOn } from '@trueup/contracts';
import { compareQuantities } from '../quantity-math.js';

/** Whether what the PSA held on the day is what we have there. Nothing on both sides is no baseline to start from. */
export function isEqualBaseline(ours: readonly Step[], theirs: readonly Step[], day: PlainDate): boolean {
  const level = levelOn(theirs, day);
  return compareQuantities(level, '0') !== 0 && compareQuantities(level, levelOn(ours, day)) === 0;
}
