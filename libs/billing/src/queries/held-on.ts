import type { PlainDate } from '@trueup/contracts';
import {
  compareOrder,
  foldAssignment,
  foldCustomer,
  foldUser,
  type HeldInterval,
  type Holding,
  holdingsOf,
  nameAt,
} from '@trueup/domain';
import { refoldEvents, refoldSlots } from '../projection/fold-plan.js';
import { readRowRules } from '../projection/projection-context.js';
import { readEventsOf } from '../projection/refold-events.js';
import { type AssignmentSlot, slotsOfCustomer, slotsOfUser } from '../projection/slot.js';
import { eventsAt, type Filed } from '../rebuild/refold-customers.js';
import type { TenantSettings } from '../settings/tenant-settings.js';
import type { SqlRunner } from '../sql-runner.js';
import type { HeldAssignment } from './held-assignment.js';

/** The instant (UTC text) at which something is held, the day that it ends, and the instant before which an event was recorded. */
export interface Moment {
  day: PlainDate;
  at: string;
  recordedBefore: Date;
}

/** One row with its place in the order and what it was derived from. */
export interface HeldRow {
  key: string[];
  row: HeldAssignment;
  holding: Holding;
}

/** What of these assignments of a tenant was held at a moment, in the order of their keys. */
export async function heldOn(
  database: SqlRunner,
  settings: TenantSettings,
  assignments: readonly AssignmentSlot[],
  { day, at, recordedBefore }: Moment,
): Promise<HeldRow[]> {
  const { tenantId } = settings;
  const events = await readEventsOf(database, assignments.flatMap(refoldSlots), recordedBefore);
  const rulesOf = await readRowRules(database, assignments, { of: () => settings, todayOf: () => day });
  const rows = assignments.flatMap((slot) => {
    const { tenantId: _tenant, ...identity } = slot;
    const state = foldAssignment(identity, undefined, refoldEvents(slot, events));
    return holdingsOf(state, rulesOf(tenantId)).flatMap((holding) => {
      const interval = holding.intervals.find(({ from, to }) => from < at && (to === undefined || to >= at));
      return interval === undefined
        ? []
        : [{ key: keyOf(holding), holding, row: toRow(tenantId, holding, interval, at, events) }];
    });
  });
  return rows.sort((a, b) => compareOrder(a.key.join('\u0000'), b.key.join('\u0000')));
}

function keyOf({ identity, rowKey }: Holding): string[] {
  const { customerCode, userCode, kind, code, instance } = identity;
  return [customerCode, userCode, kind, code, instance, rowKey];
}

function toRow(tenantId: string, { identity, sku }: Holding, held: HeldInterval, at: string, events: Filed): HeldAssignment {
  const { customerCode, userCode, kind, code, instance } = identity;
  const { serviceName, planCode, planName } = held;
  const userName = userNameAt(tenantId, identity, at, events);
  return {
    customerCode,
    customerName: customerNameAt(tenantId, customerCode, at, events),
    ...(userCode !== '' && { userCode, ...(userName !== undefined && { userName }) }),
    ...{ kind, serviceCode: code, serviceName, instance },
    ...(planCode !== '' && { planCode, planName }),
    ...(sku !== '' && { sku }),
    quantity: held.steps.findLast((step) => step.at < at)!.quantity,
    ...{ since: held.from, eventId: held.fromEventId, actor: held.fromActor },
  };
}

function customerNameAt(tenantId: string, customerCode: string, at: string, events: Filed): string {
  const { names } = foldCustomer(customerCode, undefined, eventsAt(events, slotsOfCustomer({ tenantId, customerCode })));
  return nameAt(names, at)?.name ?? customerCode;
}

function userNameAt(tenantId: string, { customerCode, userCode }: Holding['identity'], at: string, events: Filed) {
  const { names } = foldUser(
    { customerCode, userCode },
    undefined,
    eventsAt(events, slotsOfUser({ tenantId, customerCode, userCode })),
  );
  return nameAt(names, at)?.name;
}
