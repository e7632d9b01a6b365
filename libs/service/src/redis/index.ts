// Apart from the rest, so that a service without Redis does not load its client.
export { type OpenedRedis, openRedis } from './open-redis.js';
export { openRateCounter, type RateCounter } from './rate-counter.js';
