import type { ProvisioningEvent } from '@trueup/contracts';
import { assignmentKeyOf, type AssignmentIdentity, CUSTOMER_SERVICE, USER_SERVICE } from '@trueup/domain';

/** Where an event is filed within its tenant: under its assignment, or (a name, a move) under its user or customer with kind ''. */
export interface Slot {
  tenantId: string;
  customerCode: string;
  userCode: string;
  kind: AssignmentIdentity['kind'] | '';
  code: string;
  instance: string;
}

/** A tenant's assignment. */
export interface AssignmentSlot extends Slot {
  kind: AssignmentIdentity['kind'];
}

// Codes are printable, so no code holds the separator.
const SEPARATOR = '\u0000';

export const customerIdOf = (slot: Pick<Slot, 'tenantId' | 'customerCode'>): string =>
  slot.tenantId + SEPARATOR + slot.customerCode;

export const userIdOf = (slot: Pick<Slot, 'tenantId' | 'customerCode' | 'userCode'>): string =>
  customerIdOf(slot) + SEPARATOR + slot.userCode;

export const slotIdOf = (slot: Slot): string =>
  userIdOf(slot) + SEPARATOR + slot.kind + SEPARATOR + slot.code + SEPARATOR + slot.instance;

/** Things in the order of their slots, which is nearly that of the index: neighbours there are written together. */
export function inSlotOrder<T>(things: readonly T[], slotOf: (thing: T) => Slot): T[] {
  const placed = things.map((thing) => ({ thing, id: slotIdOf(slotOf(thing)) }));
  return placed.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)).map(({ thing }) => thing);
}

export function slotOfEvent(tenantId: string, event: ProvisioningEvent): Slot {
  const identity = assignmentKeyOf(event);
  if (identity !== undefined) return { tenantId, ...identity };
  const userCode = 'userCode' in event.data ? event.data.userCode : '';
  return { tenantId, customerCode: event.subject, userCode, kind: '', code: '', instance: '' };
}

/** The two slots that hold everything about a user itself: being one, and its names. */
export function slotsOfUser({ tenantId, customerCode, userCode }: Pick<Slot, 'tenantId' | 'customerCode' | 'userCode'>): Slot[] {
  const user = { tenantId, customerCode, userCode, instance: '' };
  return [
    { ...user, kind: 'user', code: USER_SERVICE },
    { ...user, kind: '', code: '' },
  ];
}

/** The two slots that hold everything about a customer itself. */
export function slotsOfCustomer({ tenantId, customerCode }: Pick<Slot, 'tenantId' | 'customerCode'>): Slot[] {
  const customer = { tenantId, customerCode, userCode: '', instance: '' };
  return [
    { ...customer, kind: 'customer', code: CUSTOMER_SERVICE },
    { ...customer, kind: '', code: '' },
  ];
}
