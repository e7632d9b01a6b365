import type { ProvisioningEvent, Quantity } from '@trueup/contracts';
import { orderKeyOf } from '../order/order-key.js';
import { type AssignmentIdentity, assignmentKeyOf, isSameAssignment } from './assignment-identity.js';
import type { AssignmentFlags, AssignmentState } from './assignment-state.js';
import { contentAfter, type StatedContent } from './content-of.js';
import { DraftAssignment } from './draft-assignment.js';

/**
 * Folds ordered events onto a state (or onto nothing). `events`: those of the assignment, and the `user.removed` of its user and
 * `customer.deprovisioned` of its customer that fall between, in the order of `orderKeyOf`, each once, all after `state.lastOrderKey`.
 * Folding in any batches gives the same bytes as folding at once.
 */
export function foldAssignment(
  identity: AssignmentIdentity,
  state: AssignmentState | undefined,
  events: readonly ProvisioningEvent[],
): AssignmentState {
  const draft = new DraftAssignment(state?.segments ?? []);
  const flags = copied(state?.flags);
  let last: ProvisioningEvent | undefined;
  for (const event of events) {
    const hasEffect = isAbout(identity, event) || (endsAllOf(identity, event) && draft.held() !== undefined);
    if (!hasEffect) continue;
    apply(draft, flags, event);
    last = event;
  }
  const lastOrderKey = last === undefined ? (state?.lastOrderKey ?? '') : orderKeyOf(last);
  return { identity: state?.identity ?? identity, lastOrderKey, segments: draft.finished(), flags };
}

function apply(draft: DraftAssignment, flags: AssignmentFlags, event: ProvisioningEvent): void {
  switch (event.type) {
    case 'trueup.customer.created.v1':
      return assign(draft, flags, event, { serviceName: 'Customer' });
    case 'trueup.user.created.v1':
      return assign(draft, flags, event, { serviceName: 'User' });
    case 'trueup.domain.added.v1':
      return assign(draft, flags, event, { serviceName: 'Domain' });
    case 'trueup.user.resource.assigned.v1':
      return assign(draft, flags, event, { ...event.data, serviceName: event.data.resourceName });
    case 'trueup.user.service.assigned.v1':
      return assign(draft, flags, event, event.data);
    case 'trueup.customer.service.assigned.v1':
      return assign(draft, flags, event, event.data, event.data.quantity);
    case 'trueup.user.service.plan-changed.v1':
    case 'trueup.customer.service.plan-changed.v1':
      return changePlan(draft, flags, event, event.data);
    case 'trueup.customer.service.quantity-changed.v1':
      return changeQuantity(draft, flags, event, event.data.quantity);
    case 'trueup.user.removed.v1':
    case 'trueup.customer.deprovisioned.v1':
      return endWhatIsHeld(draft, event);
    default:
      return remove(draft, flags, event);
  }
}

function assign(
  draft: DraftAssignment,
  flags: AssignmentFlags,
  event: ProvisioningEvent,
  stated: StatedContent,
  quantity?: Quantity,
): void {
  const held = draft.held();
  const content = contentAfter(held?.content, stated);
  if (held === undefined) {
    if (quantity !== '0') draft.open(event, content, quantity ?? '1');
    return;
  }
  const hasChanged = setOrEmpty(draft, event, content, quantity ?? held.steps.at(-1)!.quantity);
  if (hasChanged) flags.reassigned.push(event.id);
}

function setOrEmpty(
  draft: DraftAssignment,
  event: ProvisioningEvent,
  content: ReturnType<typeof contentAfter>,
  quantity: Quantity,
): boolean {
  if (quantity !== '0') return draft.change(event, content, quantity);
  draft.close(event, 'emptied');
  return true;
}

function changePlan(draft: DraftAssignment, flags: AssignmentFlags, event: ProvisioningEvent, stated: StatedContent): void {
  const held = draft.held();
  if (held === undefined) flags.changedWithoutHolding.push(event.id);
  else draft.change(event, contentAfter(held.content, stated), held.steps.at(-1)!.quantity);
}

function changeQuantity(draft: DraftAssignment, flags: AssignmentFlags, event: ProvisioningEvent, quantity: Quantity): void {
  const held = draft.held();
  if (held === undefined) flags.changedWithoutHolding.push(event.id);
  else setOrEmpty(draft, event, held.content, quantity);
}

function remove(draft: DraftAssignment, flags: AssignmentFlags, event: ProvisioningEvent): void {
  if (draft.held() === undefined) flags.removedWithoutAssignment.push(event.id);
  else draft.close(event, 'removed');
}

function endWhatIsHeld(draft: DraftAssignment, event: ProvisioningEvent): void {
  if (draft.held() !== undefined) draft.close(event, 'removed');
}

function isAbout(identity: AssignmentIdentity, event: ProvisioningEvent): boolean {
  const key = assignmentKeyOf(event);
  return key !== undefined && isSameAssignment(key, identity);
}

function endsAllOf(identity: AssignmentIdentity, event: ProvisioningEvent): boolean {
  if (event.subject !== identity.customerCode) return false;
  if (event.type === 'trueup.customer.deprovisioned.v1') return true;
  return event.type === 'trueup.user.removed.v1' && event.data.userCode === identity.userCode;
}

function copied(flags: AssignmentFlags | undefined): AssignmentFlags {
  return {
    reassigned: [...(flags?.reassigned ?? [])],
    removedWithoutAssignment: [...(flags?.removedWithoutAssignment ?? [])],
    changedWithoutHolding: [...(flags?.changedWithoutHolding ?? [])],
  };
}
