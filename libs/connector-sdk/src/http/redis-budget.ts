import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { WINDOW_SLOTS, type Budget, type RateLimit } from './budget.js';
import { GrantedCalls } from './granted-calls.js';
import type { LocalBudget } from './local-budget.js';

// All replicas must agree on the time, so it is the server's. Slots of a window live in one hash, one field per slot and process; a
// fuller window gives the wait. Each process brings what it was granted: Redis may have been emptied, or have lost its newest writes.
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local wait = math.max(0, redis.call('PTTL', KEYS[1]))
local slots, owner = tonumber(ARGV[1]), ARGV[2]
for i = 2, #KEYS do
  local calls, per, own = tonumber(ARGV[i * 3 - 3]), tonumber(ARGV[i * 3 - 2]), ARGV[i * 3 - 1]
  local slotMs = per / slots
  local oldest, spent, first = math.floor(now / slotMs) - slots, 0, nil
  for slot, granted in string.gmatch(own, '(%d+)=(%d+)') do
    local known = tonumber(redis.call('HGET', KEYS[i], slot .. ':' .. owner)) or 0
    if tonumber(slot) >= oldest and known < tonumber(granted) then
      redis.call('HSET', KEYS[i], slot .. ':' .. owner, granted)
      redis.call('PEXPIRE', KEYS[i], per * 2)
    end
  end
  local all = redis.call('HGETALL', KEYS[i])
  for j = 1, #all, 2 do
    local slot = tonumber(string.match(all[j], '^%d+'))
    if slot < oldest then redis.call('HDEL', KEYS[i], all[j])
    else
      spent = spent + tonumber(all[j + 1])
      if first == nil or slot < first then first = slot end
    end
  end
  if spent >= calls then wait = math.max(wait, (first + slots + 1) * slotMs - now) end
end
if wait > 0 then return {math.ceil(wait), now} end
for i = 2, #KEYS do
  local per = tonumber(ARGV[i * 3 - 2])
  redis.call('HINCRBY', KEYS[i], math.floor(now / (per / slots)) .. ':' .. owner, 1)
  redis.call('PEXPIRE', KEYS[i], per * 2)
end
return {0, now}`;

const SPENT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local slots, per, spent = tonumber(ARGV[1]), tonumber(ARGV[2]), 0
local oldest = math.floor(now / (per / slots)) - slots
local all = redis.call('HGETALL', KEYS[1])
for j = 1, #all, 2 do
  if tonumber(string.match(all[j], '^%d+')) >= oldest then spent = spent + tonumber(all[j + 1]) end
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
  readonly #owner = randomUUID();
  readonly #granted: GrantedCalls;

  constructor(
    private readonly redis: Redis,
    private readonly options: RedisBudgetOptions,
  ) {
    this.#granted = new GrantedCalls(options.limits);
  }

  take(connectionId: string): Promise<number> {
    const { limits, local } = this.options;
    const keys = [
      this.#key('pause', connectionId),
      ...limits.map((limit) => this.#key('calls', connectionId, String(limit.perMs))),
    ];
    return this.#orLocally(
      async () => {
        const brought = limits.flatMap((limit) => [limit.calls, limit.perMs, this.#granted.textOf(connectionId, limit)]);
        const answer = await this.redis.eval(TAKE, keys.length, ...keys, WINDOW_SLOTS, this.#owner, ...brought);
        const [waitMs, serverMs] = (answer as [number, number]).map(Number) as [number, number];
        this.#granted.setTime(serverMs);
        if (waitMs === 0) this.#noteGranted(connectionId, serverMs);
        return waitMs;
      },
      async () => {
        const waitMs = await local.take(connectionId);
        if (waitMs === 0) this.#granted.add(connectionId);
        return waitMs;
      },
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

  #noteGranted(connectionId: string, serverMs: number): void {
    this.options.local.spend(connectionId);
    this.#granted.add(connectionId, serverMs);
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
