import { type ProcessStatus, type Runtime, until } from '@trueup/testing/product';
import type { FaultRun } from '../fault.js';

const WITHIN_MS = 60_000;

/**
 * Starts a process anew so that it kills itself at a crash point (`name`, or `name@n` for the n-th passing), and waits until it has. It
 * dies there again and again until `asBefore`, or until another crash point is ordered.
 */
export async function diesAt({ runtime }: FaultRun, service: string, order: string, replica = 0): Promise<boolean> {
  const before = await processOf(runtime, service, replica);
  // The answer comes once it is ready, which it may not live to see.
  runtime.restart(service, replica, { TRUEUP_CRASH_AT: order }).catch(() => undefined);
  let armed: number | null = null;
  return until(
    async () => {
      const { pid, state } = await processOf(runtime, service, replica);
      if (pid !== null && pid !== before.pid) armed ??= pid;
      return armed !== null && (state === 'crashed' || (pid !== null && pid !== armed));
    },
    WITHIN_MS,
    40,
  );
}

/** Starts a process as it was before any order. */
export function asBefore({ runtime }: FaultRun, service: string, replica = 0): Promise<void> {
  return runtime.restart(service, replica, {});
}

/** What the runtime says of a process. */
export async function processOf(runtime: Runtime, service: string, replica = 0): Promise<ProcessStatus> {
  const { processes } = await runtime.status();
  const found = processes.find((each) => each.service === service && each.replica === replica);
  if (found === undefined) throw new Error(`there is no process ${service}/${replica}`);
  return found;
}
