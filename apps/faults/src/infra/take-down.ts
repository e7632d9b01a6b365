import { setTimeout as wait } from 'node:timers/promises';
import { type Runtime, UnexpectedAnswer } from '@trueup/testing/product';

/** Ends a process in good order (a database without waiting for its clients), and keeps it down until it is restarted. */
export async function takeDown(runtime: Runtime, service: string, replica = 0): Promise<void> {
  for (;;) {
    const { infrastructure, processes } = await runtime.status();
    const found = [...infrastructure, ...processes].find((one) => one.service === service && one.replica === replica);
    if (found?.state === 'down') return;
    await runtime.signal(service, 'SIGINT', replica).catch(unlessCrashed);
    await wait(200);
  }
}

/** Between a crash and the next start there is nobody to signal. */
function unlessCrashed(error: unknown): void {
  if (!(error instanceof UnexpectedAnswer) || error.status !== 409) throw error;
}
