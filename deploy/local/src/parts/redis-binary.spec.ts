import { describe, expect, it } from 'vitest';
import { isRedisVersionUsable } from './redis-binary.js';

describe('a Redis version', () => {
  it.each([
    ['Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64', true],
    ['Redis server v=6.2.0 sha=0', true],
    ['Redis server v=10.0.1 sha=0', true],
    ['Redis server v=6.0.16 sha=0', false],
    ['Redis server v=5.0.14 sha=0', false],
    ['something else', false],
  ])('%j is usable: %s', (line, isUsable) => {
    expect(isRedisVersionUsable(line)).toBe(isUsable);
  });
});
