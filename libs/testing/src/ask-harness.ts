import { harnessUrlVariable, type HarnessPart } from './harness-server.js';

/** Asks the test run's harness (started by global-setup) for a part's address; null = cannot be had here. */
export async function askHarness(part: HarnessPart): Promise<string | null> {
  const harness = process.env[harnessUrlVariable];
  if (harness === undefined) {
    throw new Error('No test harness: name libs/testing/src/global-setup.ts in globalSetup of the vitest config.');
  }
  const answer = await fetch(new URL(part, harness));
  const body = (await answer.json()) as { address: string | null; problem?: string };
  if (!answer.ok) throw new Error(`The harness could not start ${part}: ${body.problem}`);
  return body.address;
}
