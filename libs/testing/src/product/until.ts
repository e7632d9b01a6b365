import { setTimeout as wait } from 'node:timers/promises';

/** Asks until the answer is yes; answers whether it came within the time. */
export async function until(isSo: () => Promise<boolean>, withinMs: number, pauseMs = 200): Promise<boolean> {
  const giveUpAt = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > giveUpAt) return false;
    await wait(pauseMs);
  }
  return true;
}
