import { lineKeyOf } from '@trueup/contracts';
import type { CardExample } from '../card/card-text.js';
import { products } from './demo-catalogue.js';
import { stories } from './demo-stories.js';

/** What the card's ready curl lines speak of: a customer of the demo, a service, and the line that they make. */
export function demoExample(tenantId: string | null): CardExample {
  const { serviceCode, serviceName, sku } = products.mail;
  const customerCode = stories.disputedSeat.customer;
  const absent = { term: '', billingPlan: '', siteCode: '' };
  const lineKey = tenantId === null ? null : lineKeyOf({ tenantId, customerCode, sku, ...absent });
  return { customerCode, serviceCode, serviceName, lineKey };
}
