import type { ProvisioningEvent } from '@trueup/contracts';
import { compareOrder, continuesState, type CustomerState, reachOfEvent, type UserState } from '@trueup/domain';
import type { EventRow } from './event-row.js';
import { type OrderedEvent, ordered } from './refold-events.js';
import { type AssignmentSlot, customerIdOf, type Slot, slotIdOf, slotsOfCustomer, slotsOfUser, userIdOf } from './slot.js';
import type { AssignmentSelection, StoredAssignment } from './stored-states.js';

/** New events of a batch, filed by what they touch. */
export class FreshEvents {
  readonly bySlot: Map<string, EventRow[]>;
  readonly users = new Map<string, EventRow[]>();
  readonly customers = new Map<string, EventRow[]>();

  constructor(readonly rows: readonly EventRow[]) {
    this.bySlot = Map.groupBy(rows, (row) => slotIdOf(row.slot));
    for (const row of rows) {
      if (isAboutUser(row)) push(this.users, userIdOf(row.slot), row);
      if (isAboutCustomer(row)) push(this.customers, customerIdOf(row.slot), row);
    }
  }

  /** The assignments that these events touch: their own, and all of a removed user or a deprovisioned customer. */
  selection(): AssignmentSelection {
    const firsts = [...this.bySlot.values()].map((rows) => rows[0]!.slot);
    return {
      slots: firsts.filter(isAssignment),
      users: this.rows.filter((row) => reachOfEvent(row.event) === 'user').map((row) => row.slot),
      customers: this.rows.filter((row) => reachOfEvent(row.event) === 'customer').map((row) => row.slot),
    };
  }

  /** Endings of an assignment's user and customer among these events. */
  endingsOf(slot: Slot): EventRow[] {
    const ofUser = slot.userCode === '' ? [] : (this.users.get(userIdOf(slot)) ?? []);
    const ofCustomer = this.customers.get(customerIdOf(slot)) ?? [];
    return [...ofUser, ...ofCustomer].filter((row) => isEnding(row.event) && slotIdOf(row.slot) !== slotIdOf(slot));
  }
}

/** One fold to do: new inputs in order, and whether they go onto the stored state or everything is folded again. */
export interface PlannedFold {
  slot: AssignmentSlot;
  stored: StoredAssignment | undefined;
  inputs: OrderedEvent[];
  continues: boolean;
}

/** Decides for every touched assignment how it is folded. `users` and `customers` are their states before the batch. */
export function planFolds(
  fresh: FreshEvents,
  stored: ReadonlyMap<string, StoredAssignment>,
  users: ReadonlyMap<string, UserState>,
  customers: ReadonlyMap<string, CustomerState>,
): PlannedFold[] {
  const slots = new Map([...stored].map(([id, { slot }]) => [id, slot]));
  for (const slot of fresh.selection().slots) slots.set(slotIdOf(slot), slot as AssignmentSlot);
  return [...slots].map(([id, slot]) => {
    const inputs = inTurn([...(fresh.bySlot.get(id) ?? []), ...fresh.endingsOf(slot)]);
    const endings = [users.get(userIdOf(slot))?.lastEndKey, customers.get(customerIdOf(slot))?.lastEndKey];
    const known = stored.get(id);
    return { slot, stored: known, inputs, continues: continuesState(known?.state, inputs[0]!.orderKey, endings) };
  });
}

/** Where everything lies that a full refold of an assignment reads. */
export const refoldSlots = (slot: Slot): Slot[] => [
  slot,
  ...slotsOfCustomer(slot),
  ...(slot.userCode === '' ? [] : slotsOfUser(slot)),
];

/** All events of an assignment, and the endings of its user and customer, in order. */
export function refoldEvents(slot: Slot, filed: ReadonlyMap<string, OrderedEvent[]>): ProvisioningEvent[] {
  const own = slotIdOf(slot);
  const others = refoldSlots(slot)
    .map(slotIdOf)
    .filter((id) => id !== own);
  const endings = others.flatMap((id) => filed.get(id) ?? []).filter(({ event }) => isEnding(event));
  return ordered([...(filed.get(own) ?? []), ...endings]);
}

export const inTurn = (rows: readonly OrderedEvent[]): OrderedEvent[] =>
  [...rows].sort((a, b) => compareOrder(a.orderKey, b.orderKey));

const isAssignment = (slot: Slot): slot is AssignmentSlot => slot.kind !== '';
const isEnding = (event: ProvisioningEvent): boolean => ['user', 'customer'].includes(reachOfEvent(event));
const isAboutUser = ({ slot }: EventRow): boolean => slot.userCode !== '' && (slot.kind === 'user' || slot.kind === '');
const isAboutCustomer = ({ slot }: EventRow): boolean => slot.userCode === '' && (slot.kind === 'customer' || slot.kind === '');

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
