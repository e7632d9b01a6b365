import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  agreementLineKeyOf,
  canonicalJson,
  lineKeyOf,
  lineRefOf,
  levelOn,
  murmur2,
  stepsFrom,
  toQuantity,
  withoutRepeats,
} from './index.js';

const line = { tenantId: 'ten_1', customerCode: 'A/B C', sku: 'E3', term: 'P1Y', billingPlan: 'monthly', siteCode: '' };

describe('keys', () => {
  it('gives 26 base32 characters that are safe in URLs, and another key for another part', () => {
    expect(lineKeyOf(line)).toMatch(/^ln_[a-z2-7]{26}$/);
    expect(lineKeyOf({ ...line, siteCode: 'x' })).not.toBe(lineKeyOf(line));
    // Moving a text from one part to its neighbour is another identity.
    expect(lineKeyOf({ ...line, term: '', billingPlan: 'P1Ymonthly' })).not.toBe(
      lineKeyOf({ ...line, term: 'P1Ymonthly', billingPlan: '' }),
    );
  });

  it('keeps the reference of records in a PSA within 20 characters', () => {
    const key = agreementLineKeyOf({
      connectionId: 'con_1',
      billingIdentifier: '1001',
      agreementRef: '',
      productRef: '412',
      siteRef: '',
    });
    expect(key).toMatch(/^al_[a-z2-7]{26}$/);
    expect(lineRefOf(key).length).toBeLessThanOrEqual(20);
  });

  it('stays what it was: keys are stored for ever', () => {
    expect(lineKeyOf(line)).toMatchInlineSnapshot(`"ln_gjl64omsieyuawjnl63vqu7tnc"`);
  });
});

describe('murmur2', () => {
  // Vectors of the Java client's own test (org.apache.kafka.common.utils.UtilsTest), sign bit cleared.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hashes %j as the Java client does', (text, hash) => {
    expect(murmur2(text)).toBe(hash & 0x7fffffff);
  });
});

describe('canonicalJson', () => {
  it('gives one text for equal values whatever the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('toQuantity', () => {
  it('is a canonical form: equal numbers give equal text', () => {
    const digits = fc.tuple(fc.nat(9999), fc.nat(9999), fc.nat(3), fc.nat(3));
    fc.assert(
      fc.property(digits, ([whole, fraction, zerosBefore, zerosAfter]) => {
        const plain = `${whole}.${String(fraction).padStart(4, '0')}`;
        expect(toQuantity('0'.repeat(zerosBefore) + plain + '0'.repeat(zerosAfter))).toBe(toQuantity(plain));
        expect(Number(toQuantity(plain))).toBe(Number(plain));
        expect(toQuantity(`-${plain}`)).toBe(Number(plain) === 0 ? '0' : `-${toQuantity(plain)}`);
      }),
    );
  });

  it.each(['', '.', '1e3', '+1', '1,5', ' 1', 'NaN', '--1'])('refuses %j', (text) => {
    expect(() => toQuantity(text)).toThrow(RangeError);
  });
});

describe('steps', () => {
  const steps = [
    { from: '2026-07-01', quantity: '11' },
    { from: '2026-07-13', quantity: '14' },
    { from: '2026-08-01', quantity: '14' },
  ];

  it('reads the level in force on a day', () => {
    expect(['2026-06-30', '2026-07-01', '2026-07-12', '2026-07-13', '2027-01-01'].map((day) => levelOn(steps, day))).toEqual([
      '0',
      '11',
      '11',
      '14',
      '14',
    ]);
  });

  it('collapses what lies before a day into the level in force there', () => {
    expect(stepsFrom(steps, '2026-07-20')).toEqual([
      { from: '2026-07-20', quantity: '14' },
      { from: '2026-08-01', quantity: '14' },
    ]);
    expect(withoutRepeats(stepsFrom(steps, '2026-07-20'))).toHaveLength(1);
  });
});
