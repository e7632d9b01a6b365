import { Runtime, startRuntime } from '@trueup/testing/product';
import type { Options } from '../cli/parse-options.js';
import type { RuntimeNeeds } from '../fault.js';

/** A runtime to break. */
export interface BorrowedRuntime {
  runtime: Runtime;
  /** Ends it, unless it ran before we came. */
  stop(): Promise<void>;
}

const ENDING = ['SIGINT', 'SIGTERM'] as const;

/** A runtime that suits the needs: a new one, or the one that the options name. A signal to us ends a new one too. */
export async function runtimeFor(needs: RuntimeNeeds, { home, portBase }: Options): Promise<BorrowedRuntime> {
  if (home !== undefined) return { runtime: new Runtime(home), stop: () => Promise.resolve() };
  const replicas = Object.entries(needs.replicas ?? {}).flatMap(([service, count]) => ['--replicas', `${service}=${count}`]);
  const brokers = needs.brokers === 3 ? ['--brokers', '3'] : [];
  const started = await startRuntime(['--no-demo', '--test-clock', ...replicas, ...brokers], portBase, needs.environment);
  const onSignal = (): void => void started.stop().finally(() => process.exit(130));
  for (const signal of ENDING) process.once(signal, onSignal);
  const stop = async (): Promise<void> => {
    for (const signal of ENDING) process.off(signal, onSignal);
    await started.stop();
  };
  return { runtime: started.runtime, stop };
}
