import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { WINDOW_SLOTS, type Budget, type RateLimit } from './budget.js';
import type { LocalBudget } from './local-budget.js';

// All replicas must agree on the time, so it is the server's. Slots of a window live in one hash; a fuller window gives the wait.
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local wait = math.max(0, redis.call('PTTL', KEYS[1]))
local slots = tonumber(ARGV[1])
for i = 2, #KEYS do
  local calls, per = tonumber(ARGV[i * 2 - 2]), tonumber(ARGV[i * 2 - 1])
  local slotMs = per / slots
  local oldest, spent, first = math.floor(now / slotMs) - slots, 0, nil
  local all = redis.call('HGETALL', KEYS[i])
  for j = 1, #all, 2 do
    local slot = tonumber(all[j])
    if slot < oldest then redis.call('HDEL', KEYS[i], all[j])
    else
      spent = spent + tonumber(all[j + 1])
      if first == nil or slot < first then first = slot end
    end
  end
  if spent >= calls then wait = math.max(wait, (first + slots + 1) * slotMs - now) end
end
if wait > 0 then return math.ceil(wait) end
for i = 2, #KEYS do
  local per = tonumber(ARGV[i * 2 - 1])
  redis.call('HINCRBY', KEYS[i], math.floor(now / (per / slots)), 1)
  redis.call('PEXPIRE', KEYS[i], per * 2)
end
return 0`;

const SPENT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local slots, per, spent = tonumber(ARGV[1]), tonumber(ARGV[2]), 0
local oldest = math.floor(now / (per / slots)) - slots
local all = redis.call('HGETALL', KEYS[1])
for j = 1, #all, 2 do
  if tonumber(all[j]) >= oldest then spent = spent + tonumber(all[j + 1]) end
end
return spent`;

const ENTER = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], 0, now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then return 0 end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[2])
redis.call('PEXPIRE', KEYS[1], tonumber(ARGV[3]) + 1000)
return 1`;

export interface RedisBudgetOptions {
  kind: string;
  limits: readonly RateLimit[];
  concurrency: number;
  /** Used while Redis does not answer: a share per process, so that all together stay below the limit. */
  local: LocalBudget;
  onFallback(error: unknown): void;
}

/** The budget that all replicas share. Losing Redis loses nothing: each process goes on with its own share. */
export class RedisBudget implements Budget {
  constructor(
    private readonly redis: Redis,
    private readonly options: RedisBudgetOptions,
  ) {}

  take(connectionId: string): Promise<number> {
    const { limits, local } = this.options;
    const keys = [
      this.#key('pause', connectionId),
      ...limits.map((limit) => this.#key('calls', connectionId, String(limit.perMs))),
    ];
    const values = [WINDOW_SLOTS, ...limits.flatMap((limit) => [limit.calls, limit.perMs])];
    return this.#orLocally(
      async () => {
        const waitMs = Number(await this.redis.eval(TAKE, keys.length, ...keys, ...values));
        if (waitMs === 0) local.spend(connectionId);
        return waitMs;
      },
      () => local.take(connectionId),
    );
  }

  left(connectionId: string): Promise<RateLimit[]> {
    const { limits, local } = this.options;
    const leftOf = async ({ calls, perMs }: RateLimit): Promise<RateLimit> => {
      const key = this.#key('calls', connectionId, String(perMs));
      const spent = Number(await this.redis.eval(SPENT, 1, key, WINDOW_SLOTS, perMs));
      return { perMs, calls: Math.max(0, calls - spent) };
    };
    return this.#orLocally(
      () => Promise.all(limits.map(leftOf)),
      () => local.left(connectionId),
    );
  }

  async pause(connectionId: string, ms: number): Promise<void> {
    await this.options.local.pause(connectionId, ms);
    await this.#orLocally(
      async () => void (await this.redis.set(this.#key('pause', connectionId), '1', 'PX', ms)),
      async () => undefined,
    );
  }

  /** Places taken here count here too, so that they still count when Redis goes away. */
  async enter(connectionId: string, endpoint: string, holdMs: number): Promise<(() => Promise<void>) | undefined> {
    const { local, concurrency } = this.options;
    const alone = () => local.enter(connectionId, endpoint);
    if (this.redis.status !== 'ready') return alone();
    const leaveLocally = await local.enter(connectionId, endpoint, holdMs, concurrency);
    if (leaveLocally === undefined) return undefined;
    const key = this.#key('threads', connectionId, endpoint);
    const token = randomUUID();
    const isIn = await this.#orLocally(
      async () => Number(await this.redis.eval(ENTER, 1, key, concurrency, token, holdMs)) === 1,
      async () => undefined,
    );
    if (isIn === true) return () => this.#leave(key, token, leaveLocally);
    await leaveLocally();
    return isIn === undefined ? alone() : undefined;
  }

  async #leave(key: string, token: string, leaveLocally: () => Promise<void>): Promise<void> {
    await leaveLocally();
    await this.#orLocally(
      async () => void (await this.redis.zrem(key, token)),
      async () => undefined, // the place falls free by itself after its time
    );
  }

  #key(what: string, ...parts: string[]): string {
    return ['trueup', this.options.kind, what, ...parts].join(':');
  }

  async #orLocally<T>(shared: () => Promise<T>, local: () => Promise<T>): Promise<T> {
    if (this.redis.status !== 'ready') return local();
    try {
      return await shared();
    } catch (error) {
      this.options.onFallback(error); // Redis only speeds things up: each process keeps to its own share meanwhile
      return local();
    }
  }
}
