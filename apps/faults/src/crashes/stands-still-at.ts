import { until } from '@trueup/testing/product';
import type { FaultRun } from '../fault.js';

const WITHIN_MS = 60_000;
const SILENT_AFTER_MS = 1_500;

/** Starts a process anew so that it stands still at a crash point until `goesOn`, and waits until it does. */
export async function standsStillAt({ runtime }: FaultRun, service: string, order: string, replica = 0): Promise<boolean> {
  // The answer comes once it is ready, and it may stand still before that.
  runtime.restart(service, replica, { TRUEUP_FREEZE_AT: order }).catch(() => undefined);
  return until(async () => (await lifeOf(runtime.endpoints.adminPorts[service]![replica]!)) === 'silent', WITHIN_MS);
}

/** Lets it go on from where it stood, and waits until it says that it is ready. */
export async function goesOn({ runtime }: FaultRun, service: string, replica = 0): Promise<boolean> {
  await runtime.signal(service, 'SIGCONT', replica);
  return until(async () => (await lifeOf(runtime.endpoints.adminPorts[service]![replica]!)) === 'ready', WITHIN_MS);
}

/** `silent`: the connection is taken, but nobody answers. */
export async function lifeOf(adminPort: number): Promise<'ready' | 'unready' | 'silent' | 'absent'> {
  try {
    const answer = await fetch(`http://127.0.0.1:${adminPort}/readyz`, { signal: AbortSignal.timeout(SILENT_AFTER_MS) });
    return answer.ok ? 'ready' : 'unready';
  } catch (error) {
    return (error as Error).name === 'TimeoutError' ? 'silent' : 'absent';
  }
}
