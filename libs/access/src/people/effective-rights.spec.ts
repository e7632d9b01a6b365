import { SCOPES } from '@trueup/contracts';
import type { Reach } from '@trueup/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canSee } from '../reach.js';
import { commonReach, rightsOfToken } from './effective-rights.js';
import { ROLES, scopesOf } from './roles.js';

const codes = fc.constantFrom('a', 'b', 'c');
const reach: fc.Arbitrary<Reach> = fc.oneof(
  fc.constant('tenant' as const),
  codes.map((resellerCode) => ({ resellerCode })),
  fc.uniqueArray(codes).map((customerCodes) => ({ customerCodes })),
);
const customer = fc.record({ customerCode: codes, resellerCode: fc.option(codes) });

describe('common reach', () => {
  it('never shows what one of the two does not', () => {
    const isShownByBoth = fc.property(reach, reach, customer, (a, b, seen) => {
      return !canSee(commonReach(a, b), seen) || (canSee(a, seen) && canSee(b, seen));
    });
    expect(fc.check(isShownByBoth).counterexample).toBeNull();
  });

  it('is the narrower one where one lies within the other', () => {
    expect(commonReach('tenant', { resellerCode: 'R' })).toEqual({ resellerCode: 'R' });
    expect(commonReach({ customerCodes: ['a', 'b'] }, { customerCodes: ['b', 'c'] })).toEqual({ customerCodes: ['b'] });
  });
});

describe("a token's rights", () => {
  it('are its own when it belongs to nobody', () => {
    const token = { scopes: [...SCOPES], reach: 'tenant' as const };
    expect(rightsOfToken(token, null)).toEqual(token);
  });

  it('end where those of its person end', () => {
    const person = { roles: ['desk'], reach: { resellerCode: 'R' } };
    expect(rightsOfToken({ scopes: [...SCOPES], reach: 'tenant' }, person)).toEqual({
      scopes: ['billing:read'],
      reach: person.reach,
    });
    expect(rightsOfToken({ scopes: ['mapping:write'], reach: 'tenant' }, person).scopes).toEqual([]);
  });
});

describe('roles', () => {
  it('add up, and only an operator makes tenants', () => {
    expect(scopesOf(['desk', 'auditor'])).toEqual(['billing:read', 'audit:read']);
    expect(ROLES.filter((role) => scopesOf([role]).includes('tenants:admin'))).toEqual(['operator']);
  });

  it('that do not exist give nothing', () => {
    expect(scopesOf(['constructor', 'nobody'])).toEqual([]);
  });
});
