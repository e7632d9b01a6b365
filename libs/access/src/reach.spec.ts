import { describe, expect, it } from 'vitest';
import { canSee, reachCovers } from './reach.js';

const ofReseller = { customerCode: 'C1', resellerCode: 'R1' };
const direct = { customerCode: 'C2', resellerCode: null };

describe('reach', () => {
  it('of a tenant shows every customer', () => {
    expect([canSee('tenant', ofReseller), canSee('tenant', direct)]).toEqual([true, true]);
  });

  it('of a reseller shows its own customers alone', () => {
    const reach = { resellerCode: 'R1' };
    expect([canSee(reach, ofReseller), canSee(reach, direct), canSee(reach, { customerCode: 'R1' })]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('of named customers shows these alone', () => {
    const reach = { customerCodes: ['C2'] };
    expect([canSee(reach, ofReseller), canSee(reach, direct)]).toEqual([false, true]);
  });

  it.each([
    ['tenant', { resellerCode: 'R1' }, true],
    ['tenant', 'tenant', true],
    [{ resellerCode: 'R1' }, 'tenant', false],
    [{ resellerCode: 'R1' }, { resellerCode: 'R1' }, true],
    [{ resellerCode: 'R1' }, { resellerCode: 'R2' }, false],
    [{ resellerCode: 'R1' }, { customerCodes: ['C1'] }, false],
    [{ customerCodes: ['C1', 'C2'] }, { customerCodes: ['C2'] }, true],
    [{ customerCodes: ['C1'] }, { customerCodes: ['C1', 'C2'] }, false],
    [{ customerCodes: ['C1'] }, { resellerCode: 'R1' }, false],
  ] as const)('%j covers %j: %s', (outer, inner, isCovered) => {
    const copy = <T>(value: T) => structuredClone(value) as never;
    expect(reachCovers(copy(outer), copy(inner))).toBe(isCovered);
  });
});
