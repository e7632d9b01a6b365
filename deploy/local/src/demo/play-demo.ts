import { type DemoPlace, ensureDemoConnection } from './demo-connection.js';
import { demoEvents } from './demo-events.js';
import { demoCustomers, demoProducts } from './demo-msp.js';
import { demoSandboxState } from './demo-sandbox.js';
import { jsonCall } from './json-call.js';

/** Sets up the demo MSP as a person would, over HTTP: the PSA's content, catalogue, connection, mappings, and what happened. */
export async function playDemo(place: DemoPlace, now: Date): Promise<void> {
  const validFrom = `${now.getUTCFullYear() - 1}-01-01`;
  await jsonCall('PUT', `${place.sandboxUrl}/_sandbox/state`, { body: demoSandboxState(now) });
  await putCatalogue(place, validFrom);
  const connectionId = await ensureDemoConnection(place);
  await putMappings(place, connectionId, validFrom);
  await jsonCall('POST', `${place.ingestUrl}/v1/events`, {
    token: place.tokens.events,
    contentType: 'application/cloudevents-batch+json',
    body: demoEvents(now),
  });
}

async function putCatalogue({ apiUrl, tokens }: DemoPlace, validFrom: string): Promise<void> {
  const services = new Set(demoProducts.map(({ serviceCode }) => serviceCode));
  for (const serviceCode of services) {
    const ofService = demoProducts.filter((product) => product.serviceCode === serviceCode);
    const rows = ofService.map(({ planCode, sku }) => ({ planCode, sku, validFrom }));
    await jsonCall('PUT', `${apiUrl}/v1/catalogue/services/${serviceCode}`, { token: tokens.admin, body: { rows } });
  }
}

async function putMappings({ apiUrl, tokens }: DemoPlace, connectionId: string, validFrom: string): Promise<void> {
  for (const { sku, psaServiceId } of demoProducts) {
    const body = [{ connectionId, psaProductRef: String(psaServiceId), validFrom }];
    await jsonCall('PUT', `${apiUrl}/v1/mappings/products/${sku}`, { token: tokens.admin, body });
  }
  for (const { code, companyId } of demoCustomers) {
    const body = [{ connectionId, billingIdentifier: String(companyId), validFrom }];
    await jsonCall('PUT', `${apiUrl}/v1/mappings/customers/${code}`, { token: tokens.admin, body });
  }
}
