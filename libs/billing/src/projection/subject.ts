import type { ProvisioningEvent } from '@trueup/contracts';
import { compareOrder } from '@trueup/domain';
import type { EventRow } from './event-row.js';
import { inTurn } from './fold-plan.js';
import { type OrderedEvent, ordered } from './refold-events.js';
import { type Slot, slotIdOf, slotsOfCustomer, slotsOfUser } from './slot.js';

/** A user or customer that new events are about, with its fold before them. */
export interface Subject<S> {
  slot: Slot;
  /** Where all events about it are filed. */
  slots: Slot[];
  stored: S | undefined;
  inputs: OrderedEvent[];
}

/** The users or customers of filed events. */
export function subjectsOf<S>(fresh: ReadonlyMap<string, EventRow[]>, stored: ReadonlyMap<string, S>): Subject<S>[] {
  return [...fresh].map(([id, rows]) => {
    const { slot } = rows[0]!;
    const slots = slot.userCode === '' ? slotsOfCustomer(slot) : slotsOfUser(slot);
    return { slot, slots, stored: stored.get(id), inputs: inTurn(rows) };
  });
}

/** Whether an input lies before what is folded already: then everything is folded again. */
export function isLate({ stored, inputs }: Subject<{ lastOrderKey: string }>): boolean {
  return stored !== undefined && compareOrder(inputs[0]!.orderKey, stored.lastOrderKey) <= 0;
}

/** The fold after the inputs. */
export function nextState<S extends { lastOrderKey: string }>(
  subject: Subject<S>,
  filed: ReadonlyMap<string, OrderedEvent[]>,
  fold: (state: S | undefined, events: readonly ProvisioningEvent[]) => S,
): S {
  if (!isLate(subject))
    return fold(
      subject.stored,
      subject.inputs.map(({ event }) => event),
    );
  return fold(undefined, ordered(subject.slots.flatMap((slot) => filed.get(slotIdOf(slot)) ?? [])));
}
