import { canonicalJson } from '@trueup/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSameJson } from './same-json.js';

// Few names and values, so that equal ones meet often.
const values = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, fc.constantFrom('a', '1', 1, 0, null, true), tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 2 }),
  object: fc.dictionary(fc.constantFrom('x', 'y', 'z'), fc.oneof(tie('value'), fc.constant(undefined)), { maxKeys: 2 }),
})).value;

describe('isSameJson', () => {
  it('tells what the canonical texts of both would tell', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(isSameJson(a, b)).toBe(canonicalJson(a) === canonicalJson(b));
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads members in any order, and an undefined one as absent', () => {
    expect(isSameJson({ x: 1, y: [undefined] }, { y: [undefined], z: undefined, x: 1 })).toBe(true);
  });
});
