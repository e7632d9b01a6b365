import { z } from 'zod';
import { quantityInput } from '../quantity.js';
import { code, name, printableText } from '../text.js';

const instance = printableText(64, 0).optional();
const terms = { sku: code.optional(), term: code.optional(), billingPlan: code.optional(), siteCode: code.optional() };
const billedBy = z.enum(['provider', 'reseller']);
const resourceKind = z.enum(['application', 'resource']);
const newPlan = { serviceCode: code, instance, planCode: code, planName: name, ...terms };
const assignedService = {
  serviceCode: code,
  serviceName: name,
  planCode: code.optional(),
  planName: name.optional(),
  instance,
  ...terms,
};

/** Data of every provisioning event by its whole type. Unknown members are refused. */
export const eventData = {
  'trueup.customer.created.v1': z.strictObject({ name, resellerCode: code.optional(), billedBy: billedBy.optional() }),
  'trueup.customer.renamed.v1': z.strictObject({ name }),
  'trueup.customer.moved.v1': z.strictObject({ resellerCode: code.nullable(), billedBy }),
  'trueup.customer.deprovisioned.v1': z.strictObject({}),
  'trueup.customer.service.assigned.v1': z.strictObject({ ...assignedService, quantity: quantityInput.optional() }),
  'trueup.customer.service.quantity-changed.v1': z.strictObject({ serviceCode: code, instance, quantity: quantityInput }),
  'trueup.customer.service.plan-changed.v1': z.strictObject(newPlan),
  'trueup.customer.service.removed.v1': z.strictObject({ serviceCode: code, instance }),
  'trueup.user.created.v1': z.strictObject({ userCode: code, name, upn: name.optional() }),
  'trueup.user.renamed.v1': z.strictObject({ userCode: code, name, upn: name.optional() }),
  'trueup.user.removed.v1': z.strictObject({ userCode: code }),
  'trueup.user.service.assigned.v1': z.strictObject({ userCode: code, ...assignedService }),
  'trueup.user.service.plan-changed.v1': z.strictObject({ userCode: code, ...newPlan }),
  'trueup.user.service.removed.v1': z.strictObject({ userCode: code, serviceCode: code, instance }),
  'trueup.user.resource.assigned.v1': z.strictObject({
    userCode: code,
    resourceCode: code,
    resourceName: name,
    kind: resourceKind,
    instance,
    ...terms,
  }),
  'trueup.user.resource.unassigned.v1': z.strictObject({ userCode: code, resourceCode: code, kind: resourceKind, instance }),
  'trueup.domain.added.v1': z.strictObject({ domain: name }),
  'trueup.domain.removed.v1': z.strictObject({ domain: name }),
} as const;

/** The type of a provisioning event, e.g. `trueup.user.service.assigned.v1`. */
export type EventType = keyof typeof eventData;

/** Data of one event type after parsing. */
export type EventDataOf<T extends EventType> = z.output<(typeof eventData)[T]>;

export const EVENT_TYPES = Object.keys(eventData) as EventType[];

/** Types that end a holding. At equal time they sort before the others (contracts 1, "Order"). */
export const REMOVAL_TYPES: ReadonlySet<EventType> = new Set<EventType>([
  'trueup.customer.deprovisioned.v1',
  'trueup.customer.service.removed.v1',
  'trueup.user.removed.v1',
  'trueup.user.service.removed.v1',
  'trueup.user.resource.unassigned.v1',
  'trueup.domain.removed.v1',
]);
