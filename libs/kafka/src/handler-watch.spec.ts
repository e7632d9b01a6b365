import { describe, expect, it } from 'vitest';
import { HandlerWatch } from './handler-watch.js';

describe('HandlerWatch', () => {
  it('names the handlers that have been silent for longer than the patience', () => {
    const watch = new HandlerWatch();
    watch.begin('t', 1, 0);
    watch.begin('t', 2, 500);
    expect([watch.silent(1_000, 1_000), watch.silent(1_000, 1_001)]).toEqual([[], ['t/1']]);
  });

  it('lets a handler live that says that it moves, and forgets one that ends', () => {
    const watch = new HandlerWatch();
    const [long, ended] = [watch.begin('t', 1, 0), watch.begin('t', 2, 0)];
    long.moves(900);
    ended.ends();
    expect([watch.silent(1_000, 1_500), watch.count]).toEqual([[], 1]);
  });
});
