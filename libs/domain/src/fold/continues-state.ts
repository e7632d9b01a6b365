import { compareOrder } from '../order/compare-order.js';
import type { AssignmentState } from './assignment-state.js';

/**
 * Whether an event with this order key may be folded onto the state as it is. If not, refold the assignment from all of its events,
 * its user's removals and its customer's deprovisionings. `endings`: the newest order keys of those removals and deprovisionings that
 * were applied so far (`lastEndKey` of user and customer), even where they ended nothing here: an earlier event must see them.
 */
export function continuesState(
  state: Pick<AssignmentState, 'lastOrderKey'> | undefined,
  orderKey: string,
  endings: readonly (string | undefined)[] = [],
): boolean {
  return [state?.lastOrderKey, ...endings].every((key) => !key || compareOrder(key, orderKey) < 0);
}
