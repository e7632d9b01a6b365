import { Runtime, startRuntime } from '@trueup/testing/product';
import type { Options } from '../cli/parse-options.js';
import type { RuntimeNeeds } from '../fault.js';

/** A runtime that suits the needs: a new one, or the one that the options name. */
export async function runtimeFor(
  needs: RuntimeNeeds,
  { home, portBase }: Options,
): Promise<{ runtime: Runtime; stop(): Promise<unknown> }> {
  if (home !== undefined) return { runtime: new Runtime(home), stop: () => Promise.resolve() };
  const replicas = Object.entries(needs.replicas ?? {}).flatMap(([service, count]) => ['--replicas', `${service}=${count}`]);
  const brokers = needs.brokers === 3 ? ['--brokers', '3'] : [];
  return startRuntime(['--no-demo', '--test-clock', ...replicas, ...brokers], portBase, needs.environment);
}
