import { type CustomerKey, type LockedCustomer, lockCustomers } from '../projection/customer-locks.js';
import { deriveHoldings, type HoldingChange } from '../projection/derive-holdings.js';
import { emitLines } from '../projection/emit-lines.js';
import { readCauses } from '../projection/line-causes.js';
import { linesOfCustomers } from '../projection/line-rows.js';
import { distinctLines, linesOf } from '../projection/lines-of-changes.js';
import { type ProjectionContext, readContext, readRowRules } from '../projection/projection-context.js';
import { customerIdOf } from '../projection/slot.js';
import { readAssignments, type StoredAssignment } from '../projection/stored-states.js';
import type { EntityManager } from 'typeorm';

/** What a decision may have changed of a customer: the rows of some service codes, or of all; and perhaps every line's schedule. */
export interface Rederivation {
  codes: 'all' | readonly string[];
  everyLine: boolean;
}

/** Decides customers of one tenant again from their folds, in the caller's transaction, and sends what differs. Returns the number sent. */
export async function rederiveCustomers(
  tx: EntityManager,
  customers: readonly CustomerKey[],
  { codes, everyLine }: Rederivation,
  now: Date,
): Promise<number> {
  const locked = await lockCustomers(tx, customers);
  const context = await readContext(tx, locked, now);
  const changes = await rederiveHoldings(tx, await assignmentsOf(tx, locked, codes), context);
  return sendLines(tx, { locked, changes, everyLine, context });
}

/** Derives the rows of folds by the catalogue of now; the customers are locked. */
export async function rederiveHoldings(
  tx: EntityManager,
  assignments: readonly StoredAssignment[],
  context: ProjectionContext,
): Promise<HoldingChange[]> {
  const slots = assignments.map(({ slot }) => slot);
  return deriveHoldings(tx, assignments, await readRowRules(tx, slots, context));
}

/** What may have changed for locked customers. */
export interface Redecided {
  locked: readonly LockedCustomer[];
  changes: readonly HoldingChange[];
  /** Whether to count every line of the customers, not only those of changed rows. */
  everyLine: boolean;
  context: ProjectionContext;
}

/** Counts the lines concerned and sends those that differ. Returns their number. */
export async function sendLines(tx: EntityManager, { locked, changes, everyLine, context }: Redecided): Promise<number> {
  const others = everyLine ? await linesOfCustomers(tx, locked) : [];
  return emitLines(tx, {
    lines: distinctLines([...linesOf(changes), ...others]),
    context,
    customers: statesOf(locked),
    causes: await readCauses(tx, changes),
    traces: new Map(),
  });
}

/** The folds of locked customers, all or those of some service codes. */
export async function assignmentsOf(
  tx: EntityManager,
  customers: readonly CustomerKey[],
  codes: Rederivation['codes'],
): Promise<StoredAssignment[]> {
  if (codes !== 'all' && codes.length === 0) return [];
  const stored = await readAssignments(tx, { slots: [], users: [], customers });
  return [...stored.values()].filter(({ slot }) => codes === 'all' || codes.includes(slot.code));
}

const statesOf = (customers: readonly LockedCustomer[]) =>
  new Map(customers.flatMap((customer) => (customer.state === null ? [] : [[customerIdOf(customer), customer.state] as const])));
