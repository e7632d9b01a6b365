import { describe, expect, it } from 'vitest';
import { entityTagOf, tagsIn } from './entity-tag.js';

describe('entityTagOf', () => {
  it('is the same for the same content in any order of members', () => {
    expect(entityTagOf({ a: 1, b: [2] })).toBe(entityTagOf({ b: [2], a: 1 }));
  });

  it('differs for other content', () => {
    expect(entityTagOf({ a: 1 })).not.toBe(entityTagOf({ a: '1' }));
  });
});

describe('tagsIn', () => {
  it.each([
    ['"a"', ['"a"']],
    [' "a" , W/"b,c" ', ['"a"', 'W/"b,c"']],
    ['""', ['""']],
    ['*', '*'],
    [entityTagOf({}), [entityTagOf({})]],
  ])('reads %j', (header, tags) => {
    expect(tagsIn(header)).toEqual(tags);
  });

  it.each(['', 'a', '"a', '"a" "b"', '"a",', '*, "a"', 'w/"a"', '"a\nb"'])('refuses %j', (header) => {
    expect(tagsIn(header)).toBeNull();
  });
});
