import type { Runtime } from '@trueup/testing/product';

/** Whatever a fault took down comes back: the sandbox forgets its faults, frozen processes go on, dead ones are started. */
export async function bringBack(runtime: Runtime, sandbox: { clearFaults(): Promise<void> }): Promise<void> {
  const { infrastructure, processes } = await runtime.status();
  for (const { service, replica, state } of [...infrastructure, ...processes]) {
    if (state === 'frozen') await runtime.signal(service, 'SIGCONT', replica);
    if (state === 'down') await runtime.restart(service, replica);
  }
  await sandbox.clearFaults();
}
