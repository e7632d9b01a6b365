import { describe, expect, it } from 'vitest';
import { keyOfCursor, MalformedCursor, pageOf } from './page.js';

const rows = ['a', 'b/ü', 'c'].map((name) => ({ name }));
const page = (limit: number) =>
  pageOf(
    rows,
    limit,
    ({ name }) => [name],
    ({ name }) => name,
  );

describe('pageOf', () => {
  it('gives a cursor that leads behind the last row shown', () => {
    const { data, nextCursor } = page(2);
    expect([data, keyOfCursor(nextCursor!, 1)]).toEqual([['a', 'b/ü'], ['b/ü']]);
  });

  it('gives none on the last page', () => {
    expect(page(3)).toEqual({ data: ['a', 'b/ü', 'c'], nextCursor: null });
  });
});

describe('keyOfCursor', () => {
  const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it.each(['', '%%%', cursor('a'), cursor([]), cursor(['a', 'b']), cursor([1]), cursor(['\u0000'])])('refuses %j', (text) => {
    expect(() => keyOfCursor(text, 1)).toThrow(MalformedCursor);
  });
});
