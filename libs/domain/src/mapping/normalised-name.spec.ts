import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalisedName } from './normalised-name.js';

describe('a name as it is compared', () => {
  it.each([
    ['ACME Ltd.', 'Acme Limited'],
    ['Müller & Söhne GmbH & Co. KG', 'MULLER AND SOHNE'],
    ['Société Générale S.A.', 'societe generale'],
    ["O'Brien  (Sydney) Pty Ltd", 'OBrien Sydney'],
    ['Straßenbau AG', 'strassenbau'],
    ['Ørsted A/S', 'Orsted A/S'],
    ['Łódź Sp', 'Lodz Sp'],
    ['İstanbul Yazılım', 'Istanbul Yazilim'],
    ['ＡＣＭＥ', 'acme'],
    ['日本マイクロ KK', '日本マイクロ'],
  ])('%s is the same as %s', (one, other) => {
    expect(normalisedName(one)).toBe(normalisedName(other));
  });

  it.each([
    ['Acme North', 'Acme South'],
    ['Acme 1', 'Acme 2'],
    ['Limited Edition', 'Edition'],
    ['Co', 'Ltd'],
  ])('%s is another than %s', (one, other) => {
    expect(normalisedName(one)).not.toBe(normalisedName(other));
  });

  it('does not change when it is normalised again, nor by case', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (name) => {
        const once = normalisedName(name);
        expect(normalisedName(once)).toBe(once);
      }),
    );
  });
});
