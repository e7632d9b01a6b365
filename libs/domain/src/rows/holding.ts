import type { Actor } from '@trueup/contracts';
import type { AssignmentIdentity } from '../fold/assignment-identity.js';
import type { QuantityStep, SegmentEnd, SegmentStart } from '../fold/assignment-state.js';

/**
 * One interval `[from, to)` of a row; without `to` it is held. Instants are UTC texts with milliseconds. `steps` begins with the
 * quantity at `from`. `catalogue` marks an end and a beginning that no event but a dated catalogue row made: the interval then names
 * the event that the assignment stands on.
 */
export interface HeldInterval {
  from: string;
  fromEventId: string;
  fromActor: Actor;
  opened: SegmentStart | 'catalogue';
  serviceName: string;
  planCode: string;
  planName: string;
  steps: QuantityStep[];
  to?: string;
  toEventId?: string;
  toActor?: Actor;
  closed?: SegmentEnd | 'catalogue';
}

/** Why a row counts in no line. */
export type UnbillableReason = 'no-sku';

/**
 * One row: an assignment on one line, or of one plan when it has no sku. Absent parts are "". `rowKey` tells the rows of one
 * assignment apart. `firstFrom` and `lastTo` (null: held now) span its intervals.
 */
export interface Holding {
  identity: AssignmentIdentity;
  rowKey: string;
  sku: string;
  term: string;
  billingPlan: string;
  siteCode: string;
  serviceName: string;
  planCode: string;
  planName: string;
  lineKey: string | null;
  billable: boolean;
  reason: UnbillableReason | null;
  firstFrom: string;
  lastTo: string | null;
  intervals: HeldInterval[];
}
