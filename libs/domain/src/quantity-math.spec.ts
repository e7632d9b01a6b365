import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toQuantity } from '@trueup/contracts';
import { addQuantities, compareQuantities, largerQuantity, subtractQuantities, sumQuantities } from './quantity-math.js';

const MICROS = 1_000_000n;
const micros = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });

function textOf(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().padStart(7, '0');
  return toQuantity(`${value < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`);
}

describe('quantity math', () => {
  it('adds, subtracts and compares exactly, in canonical form', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          micros,
          fc.integer().map((units) => BigInt(units) * MICROS),
        ),
        micros,
        (a, b) => {
          const [textA, textB] = [textOf(a), textOf(b)];
          expect([
            addQuantities(textA, textB),
            subtractQuantities(textA, textB),
            Math.sign(compareQuantities(textA, textB)),
          ]).toEqual([textOf(a + b), textOf(a - b), a < b ? -1 : a > b ? 1 : 0]);
        },
      ),
    );
  });

  it('knows no floating tenths and no minus zero', () => {
    expect([
      sumQuantities(['0.1', '0.2']),
      addQuantities('2.5', '-2.5'),
      subtractQuantities('1', '1'),
      sumQuantities([]),
    ]).toEqual(['0.3', '0', '0', '0']);
  });

  it('takes the larger by value, not by text', () => {
    expect([largerQuantity('9', '10'), largerQuantity('2.50001', '2.5')]).toEqual(['10', '2.50001']);
  });
});
