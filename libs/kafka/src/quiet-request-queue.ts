import { createRequire } from 'node:module';

/** What we touch of the client's queue of requests to one broker. */
interface RequestQueue {
  pending: readonly unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
}

const CHECK_AGAIN_MS = 10;
const load = createRequire(import.meta.url);

/**
 * kafkajs 2.2.4 looks for waiting requests every millisecond for as long as a connection lives, because it takes "not throttled" for a
 * point in the past: half a percent of a core for each idle connection, and Node's TimeoutNegativeWarning. Here it looks only while
 * something waits; what arrives later plans its own look.
 */
export function quietRequestQueue(): void {
  const queue = (load('kafkajs/src/network/requestQueue') as { prototype: RequestQueue }).prototype;
  queue.scheduleCheckPendingRequests = function scheduleWhileWaiting(this: RequestQueue): void {
    if (this.throttleCheckTimeoutId || this.pending.length === 0) return;
    const waitMs = Math.max(this.throttledUntil - Date.now(), CHECK_AGAIN_MS);
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    }, waitMs);
  };
}
