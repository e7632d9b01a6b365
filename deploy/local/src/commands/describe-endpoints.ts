import { z } from 'zod';
import type { Endpoints } from '../card/endpoints-file.js';
import { prepareDemo } from '../demo/prepare-demo.js';
import type { Runtime } from '../runtime.js';
import { StartFailure } from '../start-failure.js';
import type { InfrastructureAddresses } from './start-infrastructure.js';

const meSchema = z.object({ tenant: z.object({ id: z.string() }) });

/** Collects the card once everything runs; plays the demo on a first start. */
export async function describeEndpoints(
  runtime: Runtime,
  addresses: InfrastructureAddresses,
  controlUrl: string,
): Promise<Omit<Endpoints, 'pids'>> {
  const { fleet, secrets } = runtime;
  const urls = { ingestUrl: fleet.urlOf('ingest'), apiUrl: fleet.urlOf('api'), sandboxUrl: fleet.urlOf('psa-sandbox') };
  const tokens = { admin: secrets.adminToken, events: secrets.eventsToken, control: secrets.controlToken };
  return {
    ingestUrl: urls.ingestUrl,
    apiUrl: urls.apiUrl,
    sandboxes: urls.sandboxUrl === null ? {} : { autotask: urls.sandboxUrl },
    ...addresses,
    tokens,
    tenantId: urls.apiUrl === null ? null : await tenantOf(urls.apiUrl, tokens.admin),
    connections: await prepareDemo(runtime, { ...urls, tokens }),
    adminPorts: fleet.portsBy(),
    controlUrl,
  };
}

async function tenantOf(apiUrl: string, token: string): Promise<string> {
  const answer = await fetch(`${apiUrl}/v1/me`, { headers: { authorization: `Bearer ${token}` } });
  const me = meSchema.safeParse(await answer.json().catch(() => null)); // no JSON: said below
  if (me.success) return me.data.tenant.id;
  throw new StartFailure(`The api does not know its own admin token (GET /v1/me answered ${answer.status}).`);
}
