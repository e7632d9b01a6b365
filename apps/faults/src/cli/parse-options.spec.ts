import { describe, expect, it } from 'vitest';
import { parseOptions } from './parse-options.js';

describe('the command line', () => {
  it('names faults, seeds, a runtime and a file', () => {
    const args = ['faults', '--fault', 'F13,F1+F8', '--fault', 'F3', '--seeds', '7,8', '--home', '/h', '--out', '/o.json'];
    expect(parseOptions(args)).toMatchObject({ faults: ['F13', 'F1+F8', 'F3'], seeds: [7, 8], home: '/h', out: '/o.json' });
  });

  it.each([
    ['90s', 90_000],
    ['60m', 3_600_000],
    ['1h', 3_600_000],
  ])('takes %s as the time for pairs', (text, ms) => {
    expect(parseOptions(['--lane', 'long', '--pairs', text]).pairsMs).toBe(ms);
  });

  it.each([
    [[], /Say what to run/],
    [['--lane', 'middle'], /no lane middle/],
    [['--fault', 'F1', '--seed', 'x'], /no whole number/],
    [['--pairs', 'long'], /no duration/],
    [['--fualt', 'F1'], /fualt/],
  ])('refuses %j with a sentence', (args, sentence) => {
    expect(() => parseOptions(args)).toThrow(sentence);
  });
});
