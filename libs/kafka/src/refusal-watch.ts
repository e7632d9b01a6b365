/** Silence after which a refusal says nothing any more: without traffic nobody would ever learn that the log is back. */
const MEMORY_MS = 30_000;

/** Knows for how long a log has taken nothing. */
export class RefusalWatch {
  private firstRefusalMs: number | null = null;
  private lastRefusalMs = 0;

  acknowledged(): void {
    this.firstRefusalMs = null;
  }

  refused(nowMs = performance.now()): void {
    this.firstRefusalMs ??= nowMs;
    this.lastRefusalMs = nowMs;
  }

  /** Milliseconds since the first refusal after the last acknowledgement; 0 when the last answer was one, or nobody asked for half a minute. */
  refusingMs(nowMs = performance.now()): number {
    if (this.firstRefusalMs !== null && nowMs - this.lastRefusalMs > MEMORY_MS) this.firstRefusalMs = null;
    return this.firstRefusalMs === null ? 0 : nowMs - this.firstRefusalMs;
  }
}
