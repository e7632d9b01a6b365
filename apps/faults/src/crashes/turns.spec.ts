import { describe, expect, it } from 'vitest';
import { turnOf } from './turns.js';

describe('turnOf', () => {
  it('lets seeds in a row come to every member as often as to any other', () => {
    const seen = [1, 2, 3].flatMap((seed) => turnOf(seed, ['a', 'b', 'c', 'd', 'e', 'f'], 4)).sort();
    expect(seen).toEqual(['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd', 'e', 'e', 'f', 'f']);
  });

  it('gives each member at most once to a seed', () => {
    expect(turnOf(2, ['a', 'b'], 3).sort()).toEqual(['a', 'b']);
  });
});
