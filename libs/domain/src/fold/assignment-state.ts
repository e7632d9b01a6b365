import type { Actor, Quantity } from '@trueup/contracts';
import type { AssignmentIdentity } from './assignment-identity.js';

/** What an assignment is of, besides its identity. Absent parts are "". */
export interface AssignedContent {
  serviceName: string;
  planCode: string;
  planName: string;
  sku: string;
  term: string;
  billingPlan: string;
  siteCode: string;
}

/** The quantity from an instant on, with the event that set it. */
export interface QuantityStep {
  at: string;
  quantity: Quantity;
  eventId: string;
  actor: Actor;
}

/**
 * Why a segment begins: `assigned` from nothing, or `changed` from another content.
 * Why it ends: `removed` by an event that removes, `changed` to another content, or `emptied` by quantity "0".
 */
export type SegmentStart = 'assigned' | 'changed';
export type SegmentEnd = 'removed' | 'changed' | 'emptied';

/**
 * A stretch `[from, to)` in which the content stays the same; instants are UTC texts with milliseconds. `steps` begins with the
 * quantity at `from`. A segment is never empty in time: what begins and ends in one instant leaves no trace but flags.
 */
export interface Segment {
  from: string;
  fromEventId: string;
  fromActor: Actor;
  opened: SegmentStart;
  content: AssignedContent;
  steps: QuantityStep[];
  to?: string;
  toEventId?: string;
  toActor?: Actor;
  closed?: SegmentEnd;
}

/** Ids of the events that were recorded but did not mean what their type says. */
export interface AssignmentFlags {
  /** `assigned` for a held identity with another content. */
  reassigned: string[];
  /** A removal of something not held. */
  removedWithoutAssignment: string[];
  /** A plan or quantity change of something not held. */
  changedWithoutHolding: string[];
}

/**
 * The fold of one assignment: plain JSON, equal for equal ordered event sets whatever the batches. `lastOrderKey` is that of the last
 * own event, or of an ending of user or customer that ended it; "" before any. See `continuesState` for what it decides.
 */
export interface AssignmentState {
  identity: AssignmentIdentity;
  lastOrderKey: string;
  segments: Segment[];
  flags: AssignmentFlags;
}

/** Whether something is held after the last event. */
export function isHeld(state: AssignmentState): boolean {
  const last = state.segments.at(-1);
  return last !== undefined && last.to === undefined;
}
