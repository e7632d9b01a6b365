import { AsyncLocalStorage } from 'node:async_hooks';

/** What becomes known about a request while it is handled and has to be said in a header of its answer. */
export interface HandledRequest {
  /** Whether the answer is that of an earlier request with the same `Idempotency-Key`. */
  isReplay: boolean;
}

const handled = new AsyncLocalStorage<HandledRequest>();

/** Runs `work` so that whatever it calls can note something about this request. */
export function whileHandling<T>(request: HandledRequest, work: () => T): T {
  return handled.run(request, work);
}

/** Notes that the answer is an earlier one. */
export function noteReplay(): void {
  const request = handled.getStore();
  if (!request) throw new Error('No request is being handled');
  request.isReplay = true;
}
