import type { Actor, ItemKind, Quantity } from '@trueup/contracts';

/** What a customer or user held: who began it when, by which event. `quantity` in units. */
export interface HeldAssignment {
  customerCode: string;
  customerName: string;
  userCode?: string;
  userName?: string;
  kind: ItemKind;
  serviceCode: string;
  serviceName: string;
  planCode?: string;
  planName?: string;
  instance: string;
  sku?: string;
  quantity: Quantity;
  since: string;
  eventId: string;
  actor: Actor;
}
