import { z } from 'zod';
import { fromLeftToRight, whenSettled } from '../control/settled.js';
import type { Runtime } from '../runtime.js';
import { followSandbox } from './demo-connection.js';
import { type DemoAddresses, DemoPlace } from './demo-place.js';
import { demoPlan, demoSeed } from './demo-plan.js';
import { DemoRecordFile } from './demo-record.js';
import { seedDemo } from './seed-demo.js';

const customersSchema = z.object({ data: z.array(z.unknown()) });
type Addresses = { [K in 'apiUrl' | 'ingestUrl' | 'sandboxUrl']: string | null } & Pick<DemoAddresses, 'tokens'>;

const settleMs = 150_000;

/**
 * Seeds the demo on a first start, which is one that finds no customers, and completes one that was interrupted. Answers the demo's
 * connection by kind of PSA; nothing without the services that the demo needs (`--only`).
 */
export async function prepareDemo(runtime: Runtime, addresses: Addresses): Promise<Record<string, string>> {
  const { apiUrl, ingestUrl, sandboxUrl, tokens } = addresses;
  if (apiUrl === null || sandboxUrl === null) return {};
  const place = new DemoPlace({ apiUrl, ingestUrl: ingestUrl ?? '', sandboxUrl, tokens });
  if (runtime.options.isDemoWanted && ingestUrl !== null) await seedIfNeeded(runtime, place);
  const connectionId = await followSandbox(place);
  return connectionId === null ? {} : { autotask: connectionId };
}

async function seedIfNeeded({ home, clock, printer, fleet }: Runtime, place: DemoPlace): Promise<void> {
  const file = new DemoRecordFile(home.root);
  const record = file.read();
  if (record === null ? !(await isEmpty(place)) : record.isComplete) return;
  const begun = record ?? { seed: demoSeed, plannedAt: clock.now().toISOString(), isComplete: false };
  file.write(begun);
  // What does not settle in time goes on behind the card.
  const settle = async (): Promise<void> => void (await whenSettled(fromLeftToRight(fleet.services), { timeoutMs: settleMs }));
  const plan = demoPlan(new Date(begun.plannedAt), begun.seed);
  await seedDemo({ place, plan, printer, settle });
  file.write({ ...begun, isComplete: true });
}

async function isEmpty(place: DemoPlace): Promise<boolean> {
  return customersSchema.parse(await place.api('GET', '/customers?limit=1')).data.length === 0;
}
