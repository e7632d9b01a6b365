import { z } from 'zod';
import type { DemoConnectionName } from './demo-customers.js';
import type { ConnectionIds } from './demo-mappings.js';
import type { DemoPlace } from './demo-place.js';
import { demoLogin } from './demo-sandbox.js';

const connectionsSchema = z.object({
  data: z.array(z.object({ id: z.string(), kind: z.string(), label: z.string(), baseUrl: z.string().optional() })),
});
const idSchema = z.object({ id: z.string() });

const labels: Readonly<Record<DemoConnectionName, string>> = {
  main: 'Autotask sandbox',
  harbour: 'Autotask sandbox, the brand that was bought',
  trial: 'Autotask sandbox, being set up',
  mistyped: 'Autotask, with a mistyped address',
};
/** No host of Autotask's, so that nothing is ever sent there. */
const mistypedAddress = 'https://autotask.example.com';
const settleMs = 4_000;
const settings: Readonly<Record<DemoConnectionName, object>> = {
  main: { settleMs },
  harbour: {
    ...{ settleMs, prorate: true, mayCreateLine: true, onPostedPeriod: 'hold' },
    ...{ companyMatch: 'companyNumber', skuField: 'name' },
  },
  trial: { settleMs },
  mistyped: { settleMs },
};
const { Secret: _isMissing, ...withoutSecret } = demoLogin;

/** The demo's connections that exist, by name. */
export async function findDemoConnections(place: DemoPlace): Promise<Partial<Record<DemoConnectionName, string>>> {
  const found = connectionsSchema.parse(await place.api('GET', '/connections?limit=1000')).data;
  const names = Object.entries(labels) as [DemoConnectionName, string][];
  const ids = names.map(([name, label]) => [name, found.find((one) => one.kind === 'autotask' && one.label === label)?.id]);
  return Object.fromEntries(ids.filter(([, id]) => id !== undefined)) as Partial<Record<DemoConnectionName, string>>;
}

/** Makes the connections that are missing, with secrets, observing; one of them lacks a secret. */
export async function ensureDemoConnections(place: DemoPlace): Promise<ConnectionIds> {
  const ids: Partial<Record<DemoConnectionName, string>> = await findDemoConnections(place);
  for (const name of ['main', 'harbour', 'trial', 'mistyped'] as const) {
    ids[name] ??= await createConnection(place, name);
    await place.api('PUT', `/connections/${ids[name]}/secrets`, name === 'trial' ? withoutSecret : demoLogin);
  }
  return ids as ConnectionIds;
}

async function createConnection(place: DemoPlace, name: DemoConnectionName): Promise<string> {
  const baseUrl = name === 'mistyped' ? mistypedAddress : place.addresses.sandboxUrl;
  const body = { kind: 'autotask', label: labels[name], baseUrl, settings: settings[name] };
  return idSchema.parse(await place.api('POST', '/connections', body)).id;
}

/** After a start on other ports the sandbox has another address: tells the connections. Answers the main one. */
export async function followSandbox(place: DemoPlace): Promise<string | null> {
  const { mistyped: _staysSo, ...ids } = await findDemoConnections(place);
  const { data } = connectionsSchema.parse(await place.api('GET', '/connections?limit=1000'));
  const baseUrl = place.addresses.sandboxUrl;
  for (const one of data.filter(({ id }) => Object.values(ids).includes(id))) {
    if (one.baseUrl !== baseUrl) await place.api('PATCH', `/connections/${one.id}`, { baseUrl });
  }
  return ids.main ?? null;
}
