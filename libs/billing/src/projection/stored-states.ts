import type { AssignmentIdentity, AssignmentState, UserState } from '@trueup/domain';
import type { SqlRunner } from '../sql-runner.js';
import { packState, type PackedState, unpackState } from './packed-state.js';
import { type AssignmentSlot, inSlotOrder, type Slot, slotIdOf, userIdOf } from './slot.js';
import { jsonTexts, textArray } from './text-array.js';

/** An assignment's fold as stored. */
export interface StoredAssignment {
  slot: AssignmentSlot;
  state: AssignmentState;
  /** The fold before it was folded on, when that is known: undefined where none was stored, so that there are no rows either. */
  before?: { state: AssignmentState | undefined };
}

type AssignmentColumns = AssignmentIdentity & { tenantId: string; state: PackedState | AssignmentState };

const SELECT_ASSIGNMENT = `select a.tenant_id as "tenantId", a.customer_code as "customerCode", a.user_code as "userCode", a.kind, a.code,
  a.instance, a.state from billing.assignment a`;

/** What an event batch needs of the assignments: those it names, all of some users, all of some customers. */
export interface AssignmentSelection {
  slots: readonly AssignmentSlot[];
  users: readonly Pick<Slot, 'tenantId' | 'customerCode' | 'userCode'>[];
  customers: readonly Pick<Slot, 'tenantId' | 'customerCode'>[];
}

/** The selected assignments that exist, by slot id. */
export async function readAssignments(tx: SqlRunner, wanted: AssignmentSelection): Promise<Map<string, StoredAssignment>> {
  const rows = [
    ...(await assignmentsAt(tx, wanted.slots)),
    ...(await assignmentsOfUsers(tx, wanted.users)),
    ...(await assignmentsOfCustomers(tx, wanted.customers)),
  ];
  return new Map(rows.map(toStored).map((stored) => [slotIdOf(stored.slot), stored]));
}

/** Replaces folds. The customers' locks make this the only writer; state is set, never added to. */
export async function writeAssignments(tx: SqlRunner, changed: readonly StoredAssignment[]): Promise<void> {
  if (changed.length === 0) return;
  const sorted = inSlotOrder(changed, ({ slot }) => slot);
  await tx.query(
    `insert into billing.assignment (tenant_id, customer_code, user_code, kind, code, instance, state)
     select t, c, u, k, s, i, state::json
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) as r(t, c, u, k, s, i, state)
     on conflict (tenant_id, customer_code, user_code, kind, code, instance) do update set state = excluded.state`,
    [...slotColumns(sorted.map(({ slot }) => slot)), jsonTexts(sorted.map(({ state }) => packState(state)))],
  );
}

/** The users' folds that exist, by user id. */
export async function readUsers(
  tx: SqlRunner,
  wanted: readonly Pick<Slot, 'tenantId' | 'customerCode' | 'userCode'>[],
): Promise<Map<string, UserState>> {
  if (wanted.length === 0) return new Map();
  const rows = await tx.query<{ tenantId: string; state: UserState }[]>(
    `select u.tenant_id as "tenantId", u.state from billing.user u
     join unnest($1::text[], $2::text[], $3::text[]) as k(tenant_id, customer_code, user_code)
       using (tenant_id, customer_code, user_code)`,
    userColumns(wanted),
  );
  return new Map(rows.map(({ tenantId, state }) => [userIdOf({ tenantId, ...state }), state]));
}

/** Replaces users' folds; `tenantIds` go with `states` by position. */
export async function writeUsers(tx: SqlRunner, changed: readonly { tenantId: string; state: UserState }[]): Promise<void> {
  if (changed.length === 0) return;
  const keys = changed.map(({ tenantId, state }) => ({ tenantId, ...state }));
  await tx.query(
    `insert into billing.user (tenant_id, customer_code, user_code, state)
     select t, c, u, state::json from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as r(t, c, u, state)
     on conflict (tenant_id, customer_code, user_code) do update set state = excluded.state`,
    [...userColumns(keys), jsonTexts(changed.map(({ state }) => state))],
  );
}

/** The six key columns of slots, one array each, for `unnest`. */
export function slotColumns(slots: readonly Slot[]): Buffer[] {
  return [
    ...userColumns(slots),
    textArray(slots.map((slot) => slot.kind)),
    textArray(slots.map((slot) => slot.code)),
    textArray(slots.map((slot) => slot.instance)),
  ];
}

function userColumns(users: readonly Pick<Slot, 'tenantId' | 'customerCode' | 'userCode'>[]): Buffer[] {
  return [
    textArray(users.map((user) => user.tenantId)),
    textArray(users.map((user) => user.customerCode)),
    textArray(users.map((user) => user.userCode)),
  ];
}

async function assignmentsAt(tx: SqlRunner, slots: readonly AssignmentSlot[]): Promise<AssignmentColumns[]> {
  if (slots.length === 0) return [];
  return tx.query(
    `${SELECT_ASSIGNMENT} join unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
       as k(tenant_id, customer_code, user_code, kind, code, instance)
       using (tenant_id, customer_code, user_code, kind, code, instance)`,
    slotColumns(slots),
  );
}

async function assignmentsOfUsers(tx: SqlRunner, users: AssignmentSelection['users']): Promise<AssignmentColumns[]> {
  if (users.length === 0) return [];
  return tx.query(
    `${SELECT_ASSIGNMENT} join unnest($1::text[], $2::text[], $3::text[]) as k(tenant_id, customer_code, user_code)
       using (tenant_id, customer_code, user_code)`,
    userColumns(users),
  );
}

async function assignmentsOfCustomers(tx: SqlRunner, customers: AssignmentSelection['customers']): Promise<AssignmentColumns[]> {
  if (customers.length === 0) return [];
  return tx.query(
    `${SELECT_ASSIGNMENT} join unnest($1::text[], $2::text[]) as k(tenant_id, customer_code) using (tenant_id, customer_code)`,
    [customers.map((customer) => customer.tenantId), customers.map((customer) => customer.customerCode)],
  );
}

function toStored({ state, ...slot }: AssignmentColumns): StoredAssignment {
  return { slot, state: unpackState(slot, state) };
}
