import { chooseParts } from './choose-parts.js';
import { type HarnessPart, type HarnessParts, harnessUrlVariable, startHarnessServer } from './harness-server.js';

/** vitest globalSetup: offers the run's servers to its test workers and ends them, and their data, with the run. */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env[harnessUrlVariable] !== undefined) return undefined; // another project of this run was first
  const harness = await startHarnessServer(new ChosenOnDemand());
  process.env[harnessUrlVariable] = harness.url;
  return async () => {
    delete process.env[harnessUrlVariable];
    await harness.stop();
  };
}

/** Looks for Java, Maven and Docker only when a test asks for a server. */
class ChosenOnDemand implements HarnessParts {
  private parts: Promise<HarnessParts> | null = null;

  async start(part: HarnessPart): Promise<string | null> {
    this.parts ??= chooseParts();
    return (await this.parts).start(part);
  }

  async stop(): Promise<void> {
    if (this.parts !== null) await (await this.parts).stop();
  }
}
