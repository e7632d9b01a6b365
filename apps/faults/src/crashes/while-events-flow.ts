import { setTimeout as wait } from 'node:timers/promises';
import type { FaultRun } from '../fault.js';

const BATCH = 7;
const PAUSE_MS = 400;

/** Does the work while batches of the main tenant's events flow; resolves when each of them is acknowledged. */
export async function whileEventsFlow(run: FaultRun, work: () => Promise<void>, pauseMs = PAUSE_MS): Promise<void> {
  let isOver = false;
  const flow = (async () => {
    while (!isOver) {
      await run.main.load.send(BATCH, { batch: BATCH });
      await wait(pauseMs);
    }
  })();
  flow.catch(() => undefined); // thrown again below, where somebody waits for it
  try {
    await work();
  } finally {
    isOver = true;
    await flow;
  }
}
