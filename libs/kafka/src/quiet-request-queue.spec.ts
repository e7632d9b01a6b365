import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { quietRequestQueue } from './quiet-request-queue.js';

interface Queue {
  push(request: object): void;
  maybeThrottle(ms: number): void;
  fulfillRequest(answer: object): void;
}
type NewQueue = new (options: object) => Queue;

const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as NewQueue;
const sent: number[] = [];
const request = (correlationId: number): object => ({
  entry: { correlationId, resolve: () => undefined },
  expectResponse: true,
  sendRequest: () => sent.push(correlationId),
});
const logger = { namespace: () => logger, debug: () => undefined };
const newQueue = (maxInFlightRequests: number): Queue =>
  new RequestQueue({
    maxInFlightRequests,
    requestTimeout: 60_000,
    enforceRequestTimeout: false,
    clientId: 'spec',
    broker: 'b',
    logger,
    isConnected: () => true,
  });

describe('quietRequestQueue', () => {
  beforeEach(() => {
    quietRequestQueue();
    vi.useFakeTimers();
    sent.splice(0);
  });
  afterEach(() => vi.useRealTimers());

  it('leaves no timer behind when nothing waits', () => {
    const queue = newQueue(1);
    queue.push(request(1));
    queue.fulfillRequest({ correlationId: 1, payload: null, size: 0 });
    expect([sent, vi.getTimerCount()]).toEqual([[1], 0]);
  });

  it('sends what waited for another answer', () => {
    const queue = newQueue(1);
    queue.push(request(1));
    queue.push(request(2));
    queue.fulfillRequest({ correlationId: 1, payload: null, size: 0 });
    expect(sent).toEqual([1, 2]);
  });

  it('sends what the broker made wait once that is over', () => {
    const queue = newQueue(5);
    queue.maybeThrottle(500);
    queue.push(request(1));
    vi.advanceTimersByTime(499);
    const early = [...sent];
    vi.advanceTimersByTime(20);
    expect([early, sent, vi.getTimerCount()]).toEqual([[], [1], 0]);
  });
});
