/**
 * For how long the oldest row of a table has been seen waiting, without a column for it: the same oldest id at two looks has waited since
 * the first. Too small by at most the time between two looks.
 */
export class WaitingAge {
  private oldestId: string | null = null;
  private sinceMs = 0;

  /** Seconds; 0 when nothing waits. */
  look(oldestId: string | null, nowMs = performance.now()): number {
    if (oldestId !== this.oldestId) this.sinceMs = nowMs;
    this.oldestId = oldestId;
    return oldestId === null ? 0 : (nowMs - this.sinceMs) / 1_000;
  }
}
