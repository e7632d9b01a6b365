import type { PsaEntry } from '@trueup/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suggestionsFor } from './suggestions-for.js';

const entry = (ref: string, name: string, ...identifiers: string[]): PsaEntry => ({ ref, name, identifiers });
const one = (key: string, name: string, entries: PsaEntry[], taken?: ReadonlySet<string>) =>
  suggestionsFor([{ key, names: [name] }], entries, taken)[0]!;

describe('the suggestion for a code', () => {
  it('is the entry with its identifier, whatever the names say', () => {
    const entries = [entry('7', 'Acme', 'C-9'), entry('8', 'Other', ' c-1 ')];
    expect(one('C-1', 'Acme', entries).suggestion).toEqual({ ref: '8', name: 'Other', score: 1, reason: 'same-identifier' });
  });

  it('is the entry of the same name but for case, accents, punctuation and legal form', () => {
    const entries = [entry('7', 'Müller & Söhne GmbH'), entry('8', 'Mueller Logistics')];
    expect(one('C1', 'MULLER AND SOHNE', entries).suggestion).toMatchObject({ ref: '7', reason: 'same-name' });
  });

  it('is the entry of a similar name, with a score below that of a same one', () => {
    const { suggestion, candidates } = one('C1', 'Northwind Traders', [entry('7', 'Nortwind Traders'), entry('8', 'Southwind')]);
    expect(suggestion).toMatchObject({ ref: '7', reason: 'similar-name' });
    expect(candidates.map(({ ref, score }) => [ref, score < 0.95])).toEqual([['7', true]]);
  });

  it.each([
    ['two entries look equally like it', 'several-alike', 'Acme', [entry('7', 'Acme Ltd'), entry('8', 'ACME Inc')]],
    ['its reference stands for two entries', 'several-alike', 'Acme', [entry('7', 'Acme'), entry('7', 'Quite another')]],
    ['the entry is mapped already', 'mapped-already', 'Taken', [entry('9', 'Taken')]],
    ['the names share too little', 'too-different', 'Acme South', [entry('7', 'Acme North')]],
  ] as const)('is left to a person when %s', (_when, doubt, name, entries) => {
    const answer = one('C1', name, [...entries], new Set(['9']));
    expect([answer.suggestion, answer.doubt, answer.candidates.length > 0]).toEqual([null, doubt, true]);
  });

  it('goes to the code that looks more like the entry, and to nobody when two look alike', () => {
    const entries = [entry('7', 'Acme', 'A1'), entry('8', 'Beta')];
    const wanted = ['A1', 'X', 'B1', 'B2'].map((key) => ({ key, names: [key.startsWith('B') ? 'Beta Ltd' : 'Acme'] }));
    const words = suggestionsFor(wanted, entries).map((each) => each.suggestion?.ref ?? each.doubt);
    expect(words).toEqual(['7', 'wanted-twice', 'wanted-twice', 'wanted-twice']);
  });

  it('is none where nothing looks alike', () => {
    expect(one('C1', '', [entry('7', '!!'), entry('8', 'Acme')])).toEqual({ key: 'C1', suggestion: null, candidates: [] });
  });
});

describe('suggestions for any lists', () => {
  const name = fc.constantFrom('Acme', 'ACME Ltd', 'Acne', 'Beta', 'Beta Inc', 'Béta', 'Gamma Sydney', 'Sydney Gamma', '');
  const code = fc.constantFrom('1', '2', '3', '4', 'a', 'A');
  const entries = fc.array(fc.record({ ref: code, name, identifiers: fc.array(code, { maxLength: 2 }) }), { maxLength: 6 });
  const wanted = fc.uniqueArray(fc.record({ key: code, names: fc.array(name, { maxLength: 2 }) }), {
    selector: (each) => each.key,
    maxLength: 5,
  });

  it('do not depend on the order in which the PSA lists its entries', () => {
    fc.assert(
      fc.property(wanted, entries, (all, list) => {
        expect(suggestionsFor(all, list.toReversed())).toEqual(suggestionsFor(all, list));
      }),
    );
  });

  it('never name an entry twice, nor one that others equal', () => {
    fc.assert(
      fc.property(wanted, entries, (all, list) => {
        const made = suggestionsFor(all, list).filter((each) => each.suggestion !== null);
        expect(new Set(made.map((each) => each.suggestion!.ref)).size).toBe(made.length);
        for (const { suggestion, candidates } of made) {
          expect(candidates.filter((each) => each.score >= suggestion!.score)).toEqual([suggestion]);
        }
      }),
    );
  });
});
