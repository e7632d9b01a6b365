import { canonicalJson } from '@trueup/contracts';
import { type CustomerState, foldAssignment, foldCustomer, foldUser, type UserState } from '@trueup/domain';
import type { EntityManager } from 'typeorm';
import type { LockedCustomer } from '../projection/customer-locks.js';
import { refoldEvents } from '../projection/fold-plan.js';
import { type OrderedEvent, ordered } from '../projection/refold-events.js';
import { type AssignmentSlot, type Slot, slotIdOf, slotsOfCustomer, slotsOfUser, userIdOf } from '../projection/slot.js';
import { readAssignments, readUsers, type StoredAssignment, writeAssignments, writeUsers } from '../projection/stored-states.js';
import { writeCustomers } from '../projection/write-customers.js';
import { readFiled } from './read-filed.js';

/** Customers of one tenant as the event store tells them. */
export interface Refolded {
  customers: LockedCustomer[];
  assignments: StoredAssignment[];
}

/** Folds everything of locked customers from the event store again and stores what differs. The same events give the same bytes. */
export async function refoldCustomers(tx: EntityManager, locked: readonly LockedCustomer[]): Promise<Refolded> {
  const { events, slots } = await readFiled(tx, locked);
  await refoldUsers(tx, slots, events);
  return { customers: await refoldOwn(tx, locked, events), assignments: await refoldAssignments(tx, locked, slots, events) };
}

export type Filed = ReadonlyMap<string, OrderedEvent[]>;

/** Everything filed under these slots, in order. */
export const eventsAt = (filed: Filed, slots: readonly Slot[]) =>
  ordered(slots.flatMap((slot) => filed.get(slotIdOf(slot)) ?? []));
const differs = (stored: unknown, folded: unknown): boolean => canonicalJson(stored ?? null) !== canonicalJson(folded);

async function refoldUsers(tx: EntityManager, slots: readonly Slot[], events: Filed): Promise<void> {
  const users = new Map(
    slots.filter(({ userCode, kind }) => userCode !== '' && ['user', ''].includes(kind)).map((slot) => [userIdOf(slot), slot]),
  );
  const stored = await readUsers(tx, [...users.values()]);
  const changed: { tenantId: string; state: UserState }[] = [];
  for (const [id, { tenantId, customerCode, userCode }] of users) {
    const own = eventsAt(events, slotsOfUser({ tenantId, customerCode, userCode }));
    const state = foldUser({ customerCode, userCode }, undefined, own);
    if (own.length > 0 && differs(stored.get(id), state)) changed.push({ tenantId, state });
  }
  await writeUsers(tx, changed);
}

async function refoldOwn(tx: EntityManager, locked: readonly LockedCustomer[], events: Filed): Promise<LockedCustomer[]> {
  const changed: { tenantId: string; state: CustomerState }[] = [];
  const customers = locked.map((customer) => {
    const own = eventsAt(events, slotsOfCustomer(customer));
    if (own.length === 0) return customer;
    const state = foldCustomer(customer.customerCode, undefined, own);
    if (!differs(customer.state, state)) return customer;
    changed.push({ tenantId: customer.tenantId, state });
    return { ...customer, state };
  });
  await writeCustomers(tx, changed);
  return customers;
}

async function refoldAssignments(
  tx: EntityManager,
  locked: readonly LockedCustomer[],
  slots: readonly Slot[],
  events: Filed,
): Promise<StoredAssignment[]> {
  const stored = await readAssignments(tx, { slots: [], users: [], customers: locked });
  const all = new Map([...stored].map(([id, { slot }]) => [id, slot]));
  for (const slot of slots) if (isAssignment(slot)) all.set(slotIdOf(slot), slot);
  const folded = [...all.values()].map((slot) => {
    const { tenantId: _tenant, ...identity } = slot;
    return { slot, state: foldAssignment(identity, undefined, refoldEvents(slot, events)) };
  });
  await writeAssignments(
    tx,
    folded.filter(({ slot, state }) => differs(stored.get(slotIdOf(slot))?.state, state)),
  );
  return folded;
}

/** Whether the slot is an assignment's, not one of names alone. */
export const isAssignment = (slot: Slot): slot is AssignmentSlot => slot.kind !== '';
