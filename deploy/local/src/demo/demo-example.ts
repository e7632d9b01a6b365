import { lineKeyOf } from '@trueup/contracts';
import type { CardExample } from '../card/card-text.js';
import { demoCustomers, demoProducts } from './demo-msp.js';

/** What the card's ready curl lines speak of: a customer of the demo, a service, and the line that they make. */
export function demoExample(tenantId: string | null): CardExample {
  const [customer, product] = [demoCustomers[0]!, demoProducts[0]!];
  const absent = { term: '', billingPlan: '', siteCode: '' };
  const lineKey = tenantId === null ? null : lineKeyOf({ tenantId, customerCode: customer.code, sku: product.sku, ...absent });
  return { customerCode: customer.code, serviceCode: product.serviceCode, serviceName: product.serviceName, lineKey };
}
