import type { ProvisioningEvent } from '@trueup/contracts';
import { inOrder } from '../order/compare-order.js';
import { orderKeyOf } from '../order/order-key.js';
import { type AssignmentIdentity, assignmentKeyOf, reachOfEvent } from './assignment-identity.js';
import { type AssignmentState, isHeld } from './assignment-state.js';
import { continuesState } from './continues-state.js';
import { foldAssignment } from './fold-assignment.js';
import { type CustomerState, foldCustomer } from './fold-customer.js';
import { type UserState, foldUser } from './fold-user.js';

/** Keeps one customer's truth in memory as the projector keeps it in tables: fast path in order, refold otherwise. */
export class ProjectorTwin {
  readonly assignments = new Map<string, AssignmentState>();
  readonly users = new Map<string, UserState>();
  customer: CustomerState | undefined;
  refolds = 0;
  private readonly events = new Map<string, ProvisioningEvent>();

  take(batch: readonly ProvisioningEvent[]): void {
    const fresh = new Map(batch.map((event) => [identityOf(event), event]));
    for (const known of this.events.keys()) fresh.delete(known);
    for (const [id, event] of fresh) this.events.set(id, event);
    for (const event of inOrder([...fresh.values()])) this.apply(event);
  }

  /** Everything derived, in an order that does not depend on arrival. */
  truth(): object {
    const sorted = <T>(map: Map<string, T>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
    return { customer: this.customer, users: sorted(this.users), assignments: sorted(this.assignments) };
  }

  private apply(event: ProvisioningEvent): void {
    const before = this.endKeysFor(event);
    this.applyNames(event);
    const own = assignmentKeyOf(event);
    if (own !== undefined) this.foldOnto(own, event, before);
    if (reachOfEvent(event) === 'assignment' || reachOfEvent(event) === 'names') return;
    const key = orderKeyOf(event);
    for (const state of [...this.assignments.values()]) {
      const isOther = JSON.stringify(state.identity) !== JSON.stringify(own);
      const isReached = reachOfEvent(event) === 'customer' || state.identity.userCode === userOf(event);
      if (isOther && isReached && (isHeld(state) || !continuesState(state, key))) this.foldOnto(state.identity, event, before);
    }
  }

  private endKeysFor(event: ProvisioningEvent): string[] {
    return [this.customer?.lastEndKey ?? '', this.users.get(userOf(event))?.lastEndKey ?? ''];
  }

  private foldOnto(identity: AssignmentIdentity, event: ProvisioningEvent, endKeys: readonly string[]): void {
    const id = JSON.stringify(identity);
    const state = this.assignments.get(id);
    const isNext = continuesState(state, orderKeyOf(event), endKeys);
    if (!isNext) this.refolds += 1;
    this.assignments.set(id, isNext ? foldAssignment(identity, state, [event]) : this.refolded(identity));
  }

  // Only what was applied so far would do as well: the events of this batch that follow are applied again by the fast path or a refold.
  private refolded(identity: AssignmentIdentity): AssignmentState {
    return foldAssignment(identity, undefined, inOrder([...this.events.values()]));
  }

  private applyNames(event: ProvisioningEvent): void {
    const all = inOrder([...this.events.values()]);
    const { subject: customerCode, type } = event;
    const isCustomers = type.startsWith('trueup.customer.') && !type.includes('.service.');
    if (isCustomers) {
      const isNext = continuesState(this.customer, orderKeyOf(event));
      const mine = all.filter((one) => one.subject === customerCode);
      this.customer = isNext ? foldCustomer(customerCode, this.customer, [event]) : foldCustomer(customerCode, undefined, mine);
    }
    if (!/^trueup\.user\.(created|renamed|removed)/.test(type)) return;
    const userCode = userOf(event);
    const mine = all.filter((one) => userOf(one) === userCode);
    this.users.set(userCode, foldUser({ customerCode, userCode }, undefined, mine));
  }
}

function identityOf(event: ProvisioningEvent): string {
  return JSON.stringify([event.source, event.id]);
}

function userOf(event: ProvisioningEvent): string {
  return 'userCode' in event.data ? event.data.userCode : '';
}
