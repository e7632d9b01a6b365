import { describe, expect, it } from 'vitest';
import { RefusalWatch } from './refusal-watch.js';

describe('RefusalWatch', () => {
  it('counts from the first refusal until something is acknowledged', () => {
    const watch = new RefusalWatch();
    watch.refused(1_000);
    watch.refused(9_000);
    const during = watch.refusingMs(11_000);
    watch.acknowledged();
    expect([during, watch.refusingMs(11_001)]).toEqual([10_000, 0]);
  });

  it('forgets when nobody has asked for half a minute, so that traffic can come back', () => {
    const watch = new RefusalWatch();
    watch.refused(1_000);
    watch.refused(20_000);
    expect([watch.refusingMs(50_000), watch.refusingMs(50_001)]).toEqual([49_000, 0]);
  });
});
