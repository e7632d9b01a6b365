import type { ItemKind, ProvisioningEvent } from '@trueup/contracts';

/** Pseudo services: the price of being a user, a customer, a domain. */
export const USER_SERVICE = '@user';
export const CUSTOMER_SERVICE = '@customer';
export const DOMAIN_SERVICE = '@domain';

/** What one fold is about. `userCode` is "" for what the customer itself holds; `instance` is "" or, of `@domain`, the domain. */
export interface AssignmentIdentity {
  customerCode: string;
  userCode: string;
  kind: ItemKind;
  code: string;
  instance: string;
}

/**
 * The assignment that an event is about, or `undefined` for an event that only names or moves somebody. `user.removed` and
 * `customer.deprovisioned` are about the pseudo assignments `@user` and `@customer`, and end others besides: see `reachOfEvent`.
 */
export function assignmentKeyOf(event: ProvisioningEvent): AssignmentIdentity | undefined {
  const customerCode = event.subject;
  switch (event.type) {
    case 'trueup.customer.created.v1':
    case 'trueup.customer.deprovisioned.v1':
      return { customerCode, userCode: '', kind: 'customer', code: CUSTOMER_SERVICE, instance: '' };
    case 'trueup.user.created.v1':
    case 'trueup.user.removed.v1':
      return { customerCode, userCode: event.data.userCode, kind: 'user', code: USER_SERVICE, instance: '' };
    case 'trueup.domain.added.v1':
    case 'trueup.domain.removed.v1':
      return { customerCode, userCode: '', kind: 'domain', code: DOMAIN_SERVICE, instance: event.data.domain };
    case 'trueup.user.resource.assigned.v1':
    case 'trueup.user.resource.unassigned.v1':
      return resourceOf(customerCode, event.data);
    case 'trueup.customer.renamed.v1':
    case 'trueup.customer.moved.v1':
    case 'trueup.user.renamed.v1':
      return undefined;
    default:
      return serviceOf(customerCode, event.data);
  }
}

/** How far an event reaches: one assignment, every assignment of its user or of its customer besides its own, or names alone. */
export function reachOfEvent(event: ProvisioningEvent): 'assignment' | 'user' | 'customer' | 'names' {
  if (event.type === 'trueup.user.removed.v1') return 'user';
  if (event.type === 'trueup.customer.deprovisioned.v1') return 'customer';
  return assignmentKeyOf(event) === undefined ? 'names' : 'assignment';
}

/** Whether two identities name one assignment. */
export function isSameAssignment(a: AssignmentIdentity, b: AssignmentIdentity): boolean {
  return (
    a.code === b.code &&
    a.userCode === b.userCode &&
    a.instance === b.instance &&
    a.kind === b.kind &&
    a.customerCode === b.customerCode
  );
}

function serviceOf(
  customerCode: string,
  data: { userCode?: string; serviceCode: string; instance?: string | undefined },
): AssignmentIdentity {
  const { userCode = '', serviceCode, instance = '' } = data;
  return { customerCode, userCode, kind: 'service', code: serviceCode, instance };
}

function resourceOf(
  customerCode: string,
  data: { userCode: string; resourceCode: string; kind: 'application' | 'resource'; instance?: string | undefined },
): AssignmentIdentity {
  const { userCode, resourceCode, kind, instance = '' } = data;
  return { customerCode, userCode, kind, code: resourceCode, instance };
}
