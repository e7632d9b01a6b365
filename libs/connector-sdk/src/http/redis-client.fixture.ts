import { openRedis } from '@trueup/service/redis';
import type { Redis } from 'ioredis';

/** A client as the budget has it. */
export function clientOf(url: string): Redis {
  return openRedis({ url, logger: { warn: () => undefined }, meanwhile: 'the test looks at what is left' }).redis;
}
