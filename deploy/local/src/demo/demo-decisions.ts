import { z } from 'zod';
import { StartFailure } from '../start-failure.js';
import { products } from './demo-catalogue.js';
import { demoCustomer } from './demo-customers.js';
import type { DemoPlace } from './demo-place.js';
import { demoFloor } from './demo-sandbox.js';

/** Limits that the MSP's finance has set. */
export const demoGuards = [
  { scope: { sku: products.mail.sku }, kind: 'max-change', per: 'line', unit: 'percent', value: '30' },
  { scope: { customerCode: demoFloor.customer, sku: demoFloor.product.sku }, kind: 'floor', value: String(demoFloor.units) },
];

const linesSchema = z.object({
  data: z.array(z.object({ agreementLineKey: z.string(), billingIdentifier: z.string(), productRef: z.string() })),
});

/** Somebody in finance keeps the units that one contract holds beyond ours, and says why. */
export async function adoptDifference(place: DemoPlace, connectionId: string, from: string): Promise<void> {
  const { companyId } = demoCustomer('granite-peak');
  const { data } = linesSchema.parse(await place.api('GET', `/connections/${connectionId}/agreement-lines?limit=1000`));
  const isIt = (one: (typeof data)[number]): boolean =>
    one.billingIdentifier === String(companyId) && one.productRef === String(products.mail.psaServiceId);
  const body = { choice: 'adopt', reason: 'three shared mailboxes that nobody provisions', from };
  const key = data.find(isIt)?.agreementLineKey;
  if (key === undefined) throw new StartFailure('The PSA was not looked at in time; npm start goes on with the demo.');
  await place.api('POST', `/connections/${connectionId}/agreement-lines/${key}/resolve`, body);
}
