import { eventFingerprint, type ProvisioningEvent, type RecordedEvent } from '@trueup/contracts';
import { orderKeyOf } from '@trueup/domain';
import type { RecordOrigin } from './quarantine.js';
import { type Slot, slotOfEvent } from './slot.js';

/** An event with everything that is computed from it once. */
export interface EventRow {
  slot: Slot;
  event: ProvisioningEvent;
  fingerprint: string;
  orderKey: string;
  recordedAt: string;
  origin: RecordOrigin;
}

/** An accepted event as the projection takes it. */
export function toEventRow({ tenantId, event, recordedAt }: RecordedEvent, origin: RecordOrigin): EventRow {
  const slot = slotOfEvent(tenantId, event);
  return { slot, event, recordedAt, origin, fingerprint: eventFingerprint(event), orderKey: orderKeyOf(event) };
}
