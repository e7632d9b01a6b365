/** How long a process that has crashed n times in a row waits for its next start: 0.5 s doubling up to 30 s. */
export function restartDelayMs(crashesInARow: number): number {
  return Math.min(500 * 2 ** (crashesInARow - 1), 30_000);
}
