import { z } from 'zod';
import { demoLogin } from './demo-sandbox.js';
import { jsonCall } from './json-call.js';

const connectionsSchema = z.object({
  data: z.array(
    z.object({ id: z.string(), kind: z.string(), label: z.string(), mode: z.string(), baseUrl: z.string().optional() }),
  ),
});
const idSchema = z.object({ id: z.string() });
const label = 'Autotask sandbox';

export interface DemoPlace {
  readonly apiUrl: string;
  readonly ingestUrl: string;
  readonly sandboxUrl: string;
  readonly tokens: { readonly admin: string; readonly events: string };
}

/** The demo's connection; null when there is none. */
export async function findDemoConnection({ apiUrl, tokens }: Pick<DemoPlace, 'apiUrl' | 'tokens'>) {
  const answer = await jsonCall('GET', `${apiUrl}/v1/connections?limit=1000`, { token: tokens.admin });
  return connectionsSchema.parse(answer).data.find((one) => one.kind === 'autotask' && one.label === label) ?? null;
}

/** Makes the connection to the sandbox, with secrets, in mode auto; an interrupted earlier attempt is completed. */
export async function ensureDemoConnection(place: DemoPlace): Promise<string> {
  const { apiUrl, sandboxUrl, tokens } = place;
  const found = await findDemoConnection(place);
  const body = { kind: 'autotask', label, baseUrl: sandboxUrl, settings: { settleMs: 2_000 } };
  const { id } = found ?? idSchema.parse(await jsonCall('POST', `${apiUrl}/v1/connections`, { token: tokens.admin, body }));
  await jsonCall('PUT', `${apiUrl}/v1/connections/${id}/secrets`, { token: tokens.admin, body: demoLogin });
  await jsonCall('PUT', `${apiUrl}/v1/connections/${id}/mode`, { token: tokens.admin, body: { mode: 'auto' } });
  return id;
}

/** After a start on other ports the sandbox has another address: tells the connection. */
export async function followSandbox(place: Pick<DemoPlace, 'apiUrl' | 'sandboxUrl' | 'tokens'>): Promise<string | null> {
  const found = await findDemoConnection(place);
  if (found !== null && found.baseUrl !== place.sandboxUrl) {
    const body = { baseUrl: place.sandboxUrl };
    await jsonCall('PATCH', `${place.apiUrl}/v1/connections/${found.id}`, { token: place.tokens.admin, body });
  }
  return found?.id ?? null;
}
