import { describe, expect, it } from 'vitest';
import { StallWatch } from './stall-watch.js';

const waiting = (next: bigint) => [{ topic: 't', partition: 3, next, end: 9n, lag: 9n - next }];

describe('the stall watch', () => {
  it('names a partition that has records and has not moved for longer than the patience', () => {
    const watch = new StallWatch(1_000);
    watch.look(waiting(1n), 0);

    expect([watch.look(waiting(1n), 1_000), watch.look(waiting(1n), 1_001)]).toEqual([[], ['t/3']]);
  });

  it('begins anew with every move and forgets what waits no more', () => {
    const watch = new StallWatch(1_000);
    watch.look(waiting(1n), 0);
    watch.look(waiting(2n), 900);
    const afterMove = watch.look(waiting(2n), 1_800);
    watch.look([], 1_900);

    expect([afterMove, watch.look(waiting(2n), 2_800)]).toEqual([[], []]);
  });
});
