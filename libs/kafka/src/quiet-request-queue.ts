import { createRequire } from 'node:module';

/** What we touch of the client's queue of requests to one broker. */
interface RequestQueue {
  pending: readonly unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  enforceRequestTimeout: boolean;
  requestTimeoutIntervalId: NodeJS.Timeout;
  inflight: ReadonlyMap<number, { sentAt: number; requestTimeout: number; timeoutRequest(): void }>;
  isConnected(): boolean;
  destroy(): void;
  checkPendingRequests(): void;
  scheduleRequestTimeoutCheck(): void;
  scheduleCheckPendingRequests(): void;
}

const CHECK_AGAIN_MS = 10;
/** Our request bounds are seconds. */
const TIMEOUT_CHECK_MS = 500;
const load = createRequire(import.meta.url);

/**
 * kafkajs 2.2.4 looks for waiting requests every millisecond for as long as a connection lives, because it takes "not throttled" for a
 * point in the past: half a percent of a core for each idle connection, and Node's TimeoutNegativeWarning. Here it looks only while
 * something waits; what arrives later plans its own look. Requests without an answer are looked for twice, not ten times a second.
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
  queue.scheduleRequestTimeoutCheck = function scheduleSeldom(this: RequestQueue): void {
    if (!this.enforceRequestTimeout) return;
    this.destroy();
    this.requestTimeoutIntervalId = setInterval(() => endLate(this), TIMEOUT_CHECK_MS);
  };
}

function endLate(queue: RequestQueue): void {
  const late = [...queue.inflight.values()].filter(({ sentAt, requestTimeout }) => Date.now() - sentAt > requestTimeout);
  for (const request of late) request.timeoutRequest();
  if (!queue.isConnected()) queue.destroy();
}
