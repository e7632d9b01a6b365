import { describe, expect, it } from 'vitest';
import { LagAges } from './lag-ages.js';

const lag = (next: bigint, end: bigint) => [{ topic: 't', partition: 0, next, end, lag: end - next }];

describe('LagAges', () => {
  it('is the age of what waits first, however much comes behind it', () => {
    const ages = new LagAges();
    ages.look(lag(5n, 5n), 0);
    ages.look(lag(5n, 7n), 1_000);
    ages.look(lag(5n, 9n), 6_000);
    expect(ages.look(lag(5n, 9n), 11_000)).toEqual([10_000]);
  });

  it('follows the position as it moves on, and is nothing once the end is reached', () => {
    const ages = new LagAges();
    ages.look(lag(5n, 7n), 1_000);
    ages.look(lag(5n, 9n), 6_000);
    expect([ages.look(lag(7n, 9n), 11_000), ages.look(lag(9n, 9n), 12_000)]).toEqual([[5_000], [0]]);
  });

  it('keeps the first end of a long outage', () => {
    const ages = new LagAges();
    for (let second = 0; second < 5_000; second++) ages.look(lag(0n, BigInt(second + 1)), second * 1_000);
    expect(ages.look(lag(0n, 9_999n), 5_000_000)).toEqual([5_000_000]);
  });
});
