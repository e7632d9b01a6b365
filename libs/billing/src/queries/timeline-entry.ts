import type { Actor, CauseCode, ItemKind, PlainDate, ProvisioningEvent, Quantity } from '@trueup/contracts';
import type { Slot } from '../projection/slot.js';

/** What an event did to a line: units more or less, and why. */
export interface LineEffect {
  lineKey: string;
  sku: string;
  code: CauseCode;
  units: Quantity;
}

/** An event of a customer: what was changed, by whom, and what came of it. Names are those of its moment and those of now. */
export interface TimelineEntry {
  eventId: string;
  source: string;
  type: string;
  occurredAt: string;
  recordedAt: string;
  customerName: string;
  customerNameThen: string;
  userCode?: string;
  userName?: string;
  userNameThen?: string;
  kind?: ItemKind;
  serviceCode?: string;
  instance?: string;
  actor: Actor;
  ticket?: string;
  data: ProvisioningEvent['data'];
  effects: LineEffect[];
}

/** Narrows a timeline; `from` and `to` are local days of the tenant, both included. */
export interface TimelineFilters {
  from?: PlainDate;
  to?: PlainDate;
  user?: string;
  service?: string;
}

/** An event as filed. */
export interface FiledEvent extends Slot {
  orderKey: string;
  recordedAt: Date;
  event: ProvisioningEvent;
}
