import type { LineTarget } from '@trueup/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitAtSetEnds } from './apply-targets.js';

const target = (customerCode: string, endOfSet: boolean, lineKey = 'ln_1') =>
  ({ tenantId: 'ten_1', customerCode, endOfSet, lineKey }) as LineTarget;

describe('splitAtSetEnds', () => {
  it('keeps what follows the last end of a set of its customer apart', () => {
    const first = target('C1', true);
    const second = target('C1', false);
    const other = target('C2', false);
    expect(splitAtSetEnds([first, other, second])).toEqual({
      ended: [first],
      open: [other, second],
      customers: [{ tenantId: 'ten_1', customerCode: 'C1' }],
    });
  });

  it('loses nothing, and keeps the order of each side', () => {
    const targets = fc.array(fc.tuple(fc.constantFrom('C1', 'C2', 'C3'), fc.boolean()));
    fc.assert(
      fc.property(targets, (drawn) => {
        const all = drawn.map(([code, isEnd], index) => target(code, isEnd, `ln_${index}`));
        const { ended, open } = splitAtSetEnds(all);
        const isOpen = (one: LineTarget) => open.includes(one);
        expect(all.filter(isOpen)).toEqual(open);
        expect(all.filter((one) => !isOpen(one))).toEqual(ended);
        expect(open.some((one) => one.endOfSet)).toBe(false);
      }),
    );
  });
});
