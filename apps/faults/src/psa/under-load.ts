import type { FaultRun } from '../fault.js';

/** Does the work while `perSecond` events of the main tenant flow. However the work ends, all of them are acknowledged afterwards. */
export async function underLoad(run: FaultRun, perSecond: number, work: () => Promise<void>): Promise<void> {
  const load = run.main.load.start(perSecond);
  try {
    await work();
  } finally {
    await load.stop();
  }
}
