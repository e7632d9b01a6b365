import { z } from 'zod';
import type { Runtime } from '../runtime.js';
import { type DemoPlace, followSandbox } from './demo-connection.js';
import { jsonCall } from './json-call.js';
import { playDemo } from './play-demo.js';

const customersSchema = z.object({ data: z.array(z.unknown()) });
type Addresses = { [K in 'apiUrl' | 'ingestUrl' | 'sandboxUrl']: string | null } & Pick<DemoPlace, 'tokens'>;

/**
 * Plays the demo on a first start, which is one that finds no customers. Answers the demo's connection by kind of
 * PSA; nothing without the services that the demo needs (`--only`).
 */
export async function prepareDemo({ options, clock, printer }: Runtime, addresses: Addresses): Promise<Record<string, string>> {
  const { apiUrl, ingestUrl, sandboxUrl, tokens } = addresses;
  if (apiUrl === null || sandboxUrl === null) return {};
  if (options.isDemoWanted && ingestUrl !== null && (await isEmpty(apiUrl, tokens.admin))) {
    await printer.step('Demo is posted: 6 customers, 60 users', () =>
      playDemo({ apiUrl, ingestUrl, sandboxUrl, tokens }, clock.now()),
    );
  }
  const connectionId = await followSandbox({ apiUrl, sandboxUrl, tokens });
  return connectionId === null ? {} : { autotask: connectionId };
}

async function isEmpty(apiUrl: string, token: string): Promise<boolean> {
  const answer = await jsonCall('GET', `${apiUrl}/v1/customers?limit=1`, { token });
  return customersSchema.parse(answer).data.length === 0;
}
