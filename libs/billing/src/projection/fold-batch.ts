import { type CustomerState, foldAssignment, foldCustomer, foldUser, type UserState } from '@trueup/domain';
import type { SqlRunner } from '../sql-runner.js';
import type { LockedCustomer } from './customer-locks.js';
import type { EventRow } from './event-row.js';
import { FreshEvents, type PlannedFold, planFolds, refoldEvents, refoldSlots } from './fold-plan.js';
import { type OrderedEvent, readEventsOf } from './refold-events.js';
import { customerIdOf, type Slot, userIdOf } from './slot.js';
import { readAssignments, readUsers, type StoredAssignment, writeAssignments, writeUsers } from './stored-states.js';
import { isLate, nextState, type Subject, subjectsOf } from './subject.js';
import { writeCustomers } from './write-customers.js';

/** What a batch's events made of the folds that they touch. */
export interface Folded {
  assignments: StoredAssignment[];
  /** Customers whose own state changed. */
  customers: { tenantId: string; state: CustomerState }[];
}

/**
 * Applies new events to every fold they touch: in order onto the stored state, else from all events again. The customers of the events
 * are locked, and the events are in the store already.
 */
export async function foldBatch(tx: SqlRunner, rows: readonly EventRow[], locked: readonly LockedCustomer[]): Promise<Folded> {
  const fresh = new FreshEvents(rows);
  const customers = new Map(locked.flatMap((customer) => (customer.state ? [[customerIdOf(customer), customer.state]] : [])));
  const users = await readUsers(tx, usersOf(rows));
  const plans = planFolds(fresh, await readAssignments(tx, fresh.selection()), users, customers);
  const ofUsers = subjectsOf(fresh.users, users);
  const ofCustomers = subjectsOf(fresh.customers, customers);
  const filed = await readEventsOf(tx, [
    ...plans.filter((plan) => !plan.continues).flatMap(({ slot }) => refoldSlots(slot)),
    ...[...ofUsers, ...ofCustomers].filter(isLate).flatMap(({ slots }) => slots),
  ]);
  const folded = {
    assignments: plans.map((plan) => foldPlanned(plan, filed)),
    customers: ofCustomers.map((subject) => foldedCustomer(subject, filed)),
  };
  await writeUsers(
    tx,
    ofUsers.map((subject) => foldedUser(subject, filed)),
  );
  await writeCustomers(tx, folded.customers);
  await writeAssignments(tx, folded.assignments);
  return folded;
}

function usersOf(rows: readonly EventRow[]): Slot[] {
  const slots = rows.map(({ slot }) => slot).filter(({ userCode }) => userCode !== '');
  return [...new Map(slots.map((slot) => [userIdOf(slot), slot])).values()];
}

type Filed = ReadonlyMap<string, OrderedEvent[]>;

function foldPlanned({ slot, stored, inputs, continues }: PlannedFold, filed: Filed): StoredAssignment {
  const { tenantId: _tenant, ...identity } = slot;
  const state = continues
    ? foldAssignment(
        identity,
        stored?.state,
        inputs.map(({ event }) => event),
      )
    : foldAssignment(identity, undefined, refoldEvents(slot, filed));
  return { slot, state, before: { state: stored?.state } };
}

function foldedUser(subject: Subject<UserState>, filed: Filed): { tenantId: string; state: UserState } {
  const { tenantId, customerCode, userCode } = subject.slot;
  return { tenantId, state: nextState(subject, filed, (state, events) => foldUser({ customerCode, userCode }, state, events)) };
}

function foldedCustomer(subject: Subject<CustomerState>, filed: Filed): { tenantId: string; state: CustomerState } {
  const { tenantId, customerCode } = subject.slot;
  return { tenantId, state: nextState(subject, filed, (state, events) => foldCustomer(customerCode, state, events)) };
}
