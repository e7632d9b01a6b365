import type { ProvisioningEvent } from '@trueup/contracts';
import { orderKeyOf } from '../order/order-key.js';
import { toUtcMillis } from '../order/utc-time.js';
import { type NameEntry, withName } from './name-history.js';

/** A user's names through time. Whether the user exists is the fold of its pseudo assignment `@user`. */
export interface UserState {
  customerCode: string;
  userCode: string;
  names: NameEntry[];
  lastOrderKey: string;
  /** Order key of the newest `user.removed`; "" when there is none. */
  lastEndKey: string;
}

/** Folds the ordered `user.created`, `user.renamed` and `user.removed` of one user; others are passed over. */
export function foldUser(
  identity: { customerCode: string; userCode: string },
  state: UserState | undefined,
  events: readonly ProvisioningEvent[],
): UserState {
  return events.reduce(withUserEvent, state ?? emptyUser(identity));
}

function withUserEvent(state: UserState, event: ProvisioningEvent): UserState {
  switch (event.type) {
    case 'trueup.user.created.v1':
    case 'trueup.user.renamed.v1': {
      const { name, upn } = event.data;
      const names = withName(state.names, { at: toUtcMillis(event.time), name, ...(upn !== undefined && { upn }) });
      return { ...state, names, lastOrderKey: orderKeyOf(event) };
    }
    case 'trueup.user.removed.v1': {
      const key = orderKeyOf(event);
      return { ...state, lastOrderKey: key, lastEndKey: key };
    }
    default:
      return state;
  }
}

function emptyUser({ customerCode, userCode }: { customerCode: string; userCode: string }): UserState {
  return { customerCode, userCode, names: [], lastOrderKey: '', lastEndKey: '' };
}
