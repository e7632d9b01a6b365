import type { Payer, ProvisioningEvent } from '@trueup/contracts';
import { orderKeyOf } from '../order/order-key.js';
import { toUtcMillis } from '../order/utc-time.js';
import { type NameEntry, withName } from './name-history.js';

/** Who pays for a customer from an instant on. */
export interface PayerEntry {
  at: string;
  resellerCode?: string;
  billedBy: Payer['billedBy'];
}

/** A customer's names and payers through time. Whether it exists is the fold of its pseudo assignment `@customer`. */
export interface CustomerState {
  customerCode: string;
  names: NameEntry[];
  /** The payer from the beginning, as the first `customer.created` names it; absent while none was seen. */
  firstPayer?: Omit<PayerEntry, 'at'>;
  /** Later payers, ascending. */
  payers: PayerEntry[];
  lastOrderKey: string;
  /** Order key of the newest `customer.deprovisioned`; "" when there is none. */
  lastEndKey: string;
}

/** Folds the ordered `customer.created`, `renamed`, `moved` and `deprovisioned` of one customer; others are passed over. */
export function foldCustomer(
  customerCode: string,
  state: CustomerState | undefined,
  events: readonly ProvisioningEvent[],
): CustomerState {
  return events.reduce(withCustomerEvent, state ?? emptyCustomer(customerCode));
}

function withCustomerEvent(state: CustomerState, event: ProvisioningEvent): CustomerState {
  switch (event.type) {
    case 'trueup.customer.created.v1':
      return { ...renamed(withCreation(state, event), event), lastOrderKey: orderKeyOf(event) };
    case 'trueup.customer.renamed.v1':
      return { ...renamed(state, event), lastOrderKey: orderKeyOf(event) };
    case 'trueup.customer.moved.v1':
      return { ...withPayer(state, event, event.data), lastOrderKey: orderKeyOf(event) };
    case 'trueup.customer.deprovisioned.v1': {
      const key = orderKeyOf(event);
      return { ...state, lastOrderKey: key, lastEndKey: key };
    }
    default:
      return state;
  }
}

function renamed(state: CustomerState, event: ProvisioningEvent & { data: { name: string } }): CustomerState {
  return { ...state, names: withName(state.names, { at: toUtcMillis(event.time), name: event.data.name }) };
}

type Created = Extract<ProvisioningEvent, { type: 'trueup.customer.created.v1' }>;

// The first creation says who paid from the beginning; a later one changes the payer only if it names one.
function withCreation(state: CustomerState, event: Created): CustomerState {
  const { resellerCode, billedBy } = event.data;
  if (state.firstPayer === undefined) return { ...state, firstPayer: payerOf(resellerCode, billedBy) };
  const namesPayer = resellerCode !== undefined || billedBy !== undefined;
  return namesPayer ? withPayer(state, event, event.data) : state;
}

function withPayer(
  state: CustomerState,
  event: ProvisioningEvent,
  data: { resellerCode?: string | null | undefined; billedBy?: Payer['billedBy'] | undefined },
): CustomerState {
  const at = toUtcMillis(event.time);
  const earlier = state.payers.filter((known) => known.at < at);
  return { ...state, payers: [...earlier, { at, ...payerOf(data.resellerCode ?? undefined, data.billedBy) }] };
}

function payerOf(resellerCode: string | undefined, billedBy: Payer['billedBy'] = 'provider'): Omit<PayerEntry, 'at'> {
  return { ...(resellerCode !== undefined && { resellerCode }), billedBy };
}

function emptyCustomer(customerCode: string): CustomerState {
  return { customerCode, names: [], payers: [], lastOrderKey: '', lastEndKey: '' };
}
